"""What every page carries, how staff are let in and out, and what production insists on."""

import datetime
import json
import os
import subprocess
import sys

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models import Draft
from tests.support.addresses import every_address, every_name, undone
from tests.support.factories import PASSWORD
from tests.support.markup import Markup

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
LOADED = {"src", "srcset", "action", "formaction", "data", "poster", "background", "ping"}
FOLLOWED = {"a", "area"}  # by a click of hers; every other href is loaded by the browser itself
DATA = "application/ld+json"  # a script that is none: nothing in it is run
SIGN_IN = "/staff/sign-in/"


def elsewhere(tag):
    """The addresses of this tag that a browser would ask another host for, unasked."""
    is_loaded = tag.name not in FOLLOWED and tag.attrs.get("rel") != "canonical"  # that is only said to search engines
    names = LOADED | ({"href"} if is_loaded else set())
    found = [tag.attrs[name] for name in names if name in tag.attrs]
    return [address for address in found if "//" in address or ":" in address]


def faults(response):
    """Everything in which this answer is not as each of ours should be."""
    policy = {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}
    wanted = {
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    wrong = [name for name, value in wanted.items() if response.headers.get(name) != value]
    wrong += [] if policy == POLICY else [f"policy {policy ^ POLICY}"]
    wrong += [] if "camera=()" in response.headers.get("Permissions-Policy", "") else ["Permissions-Policy"]
    wrong += [] if "no-store" in response.headers.get("Cache-Control", "") or _is_everybodys(response) else ["is kept"]
    wrong += cookie_faults(response)
    if response.headers["Content-Type"].startswith("text/html") and response.content:
        wrong += [fault for tag in Markup(response.text).tags for fault in tag_faults(tag)]
    return wrong


def _is_everybodys(response):
    return response.headers["Cache-Control"] == "public, max-age=300" and not response.cookies


def cookie_faults(response):
    kept = [cookie for cookie in response.cookies.values() if cookie.value]
    return [f"cookie {c.key}" for c in kept if not c["httponly"] or c["samesite"] != "Lax" or c["domain"]]


def tag_faults(tag):
    is_script = tag.name == "script" and not tag.attrs.get("src") and tag.attrs.get("type") != DATA
    faults = [f"inline {tag.name}"] if tag.name == "style" or is_script else []
    faults += [f"{name}=" for name in tag.attrs if name == "style" or name.startswith("on")]
    faults += [address for address in tag.attrs.values() if address.strip().lower().startswith("javascript:")]
    return faults + elsewhere(tag)


def pages_of(who):
    """Signed out, all that is public; anybody else, what only staff are shown."""
    staff = {address.name for address in every_address() if address.route.startswith(("staff/", "admin/"))}
    return sorted(set(every_name()) - staff if who == "signed_out" else staff)


@pytest.mark.parametrize("who", ["signed_out", "on_it", "inspector", "lead", "administrator"])
def test_every_page_is_as_careful_as_the_others(who, world):
    client = world.enter(who)

    found = {}
    for name in pages_of(who):
        for method in ("GET", "POST"):
            with undone():
                found[name, method] = faults(world.ask(client, name, method))

    assert {line: wrong for line, wrong in found.items() if wrong} == {}


def test_pages_with_mistakes_in_them_are_as_careful(world):
    client = world.enter("inspector")

    found = {name: faults(world.ask(client, name, "POST", data={"nothing": "right"})) for name in every_name()}

    assert {line: wrong for line, wrong in found.items() if wrong} == {}


def test_only_pages_that_are_the_same_for_everybody_may_be_kept(world):
    client = world.enter("signed_out")

    kept = {name for name in every_name() if "no-store" not in world.ask(client, name).headers["Cache-Control"]}

    assert kept == {
        "home",
        *(
            "boroughs:areas",
            "boroughs:area",
            "boroughs:area-picture",
            "boroughs:picture",
            "boroughs:poster",
            "boroughs:safety",
            "boroughs:privacy",
        ),
        *("boroughs:cookies", "boroughs:accessibility", "boroughs:attribution", "boroughs:sitemap", "boroughs:robots"),
    }


@pytest.mark.parametrize("host", ["testserver", settings.DISCREET_HOST])
@pytest.mark.parametrize("address", ["/nowhere/", "/?a=%00", "/my-walk/nobody/", "/r/nobody/"])
def test_pages_of_mistakes_are_as_careful(address, host, client):
    response = client.get(address, headers={"host": host})

    assert response.status_code in (400, 404)
    assert faults(response) == []


@pytest.mark.parametrize("host", ["testserver", settings.DISCREET_HOST])
def test_page_of_a_form_without_its_token_is_as_careful(host):
    prefix = "/r/" if host == settings.DISCREET_HOST else "/my-walk/"

    response = Client(enforce_csrf_checks=True).post(prefix, {"reference": "x"}, headers={"host": host})

    assert response.status_code == 403
    assert faults(response) == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>",
        "<style>p{}</style>",
        '<p style="color:red">',
        '<p onclick="1">',
        '<a href="javascript:alert(1)">',
        '<img src="https://example.com/a.png">',
        '<link href="//example.com/a.css">',
        '<form action="https://example.com/">',
    ],
)
def test_faults_are_noticed(html):
    assert [fault for tag in Markup(html).tags for fault in tag_faults(tag)]
    assert not tag_faults(Markup('<a href="https://www.met.police.uk/">').tags[0])


# --- Signing in, staying, going --------------------------------------------------------------------------------------


def sign_in(client, officer, password=PASSWORD, address="192.0.2.1", email=None):
    given = {"username": email or officer.email, "password": password}
    return client.post(SIGN_IN, given, REMOTE_ADDR=address)


def is_in(client):
    return client.get("/staff/bookings/").status_code == 200


@pytest.mark.parametrize(("minutes", "stays"), [(14, True), (16, False)])
def test_officers_are_signed_out_after_fifteen_quiet_minutes(minutes, stays, client, inspector):
    sign_in(client, inspector)
    assert is_in(client)

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes)):
        assert is_in(client) == stays


def test_officers_are_signed_out_after_ten_hours_however_busy(client, inspector):
    sign_in(client, inspector)
    assert is_in(client)
    began = timezone.now()

    stayed = []
    for minutes in range(14, 11 * 60, 14):
        with time_machine.travel(began + datetime.timedelta(minutes=minutes)):
            stayed += [minutes] if is_in(client) else []

    assert stayed == list(range(14, 10 * 60, 14))


def test_pages_shortly_after_one_another_write_nothing_for_the_session(client, inspector):
    sign_in(client, inspector)
    assert is_in(client)

    with CaptureQueriesContext(connection) as asked:
        assert is_in(client)

    assert not [query["sql"] for query in asked if query["sql"].startswith("UPDATE")]


def test_sign_in_takes_a_new_session(client, inspector):
    client.get(SIGN_IN)
    session = client.session
    session["before"] = "she signed in"
    session.save()
    before = session.session_key

    sign_in(client, inspector)

    assert client.session.session_key != before


def test_sign_out_ends_the_session_everywhere(client, inspector):
    sign_in(client, inspector)
    stolen = Client()
    stolen.cookies = client.cookies.copy()
    assert is_in(stolen)

    client.post("/staff/sign-out/")

    assert not is_in(stolen)


def test_sign_in_pauses_after_five_tries_for_that_pair_alone(client, inspector, officer):
    tries = [sign_in(client, inspector, password="wrong").status_code for _ in range(5)]

    assert tries[:4] == [422] * 4 or tries[:4] == [200] * 4
    assert sign_in(client, inspector).status_code == 429
    assert sign_in(Client(), officer).status_code == 302
    assert sign_in(Client(), inspector, address="192.0.2.2").status_code == 302


@pytest.mark.parametrize(
    "spelt", [str.upper, str.title, lambda email: f" {email}", lambda email: email.replace("s", "ſ")]
)
def test_sign_in_counts_every_spelling_of_an_address_as_one(spelt, client, inspector):
    inspector.email = "ines.s@example.com"
    inspector.save()
    for _ in range(5):
        sign_in(client, inspector, password="wrong", email=spelt(inspector.email))

    assert sign_in(client, inspector).status_code == 429


def test_sign_in_cannot_be_tried_on_from_invented_addresses(client, inspector):
    for number in range(5):
        client.post(
            SIGN_IN,
            {"username": inspector.email, "password": "wrong"},
            headers={"X-Forwarded-For": f"192.0.2.{number}", "X-Real-IP": f"192.0.2.{number}"},
        )

    assert client.post(SIGN_IN, {"username": inspector.email, "password": PASSWORD}).status_code == 429


def test_sign_in_says_the_same_of_a_wrong_address_and_a_wrong_password(client, inspector):
    def page(email):
        response = sign_in(client, inspector, password="wrong", email=email)
        return [tag.text.strip() for tag in Markup(response.text).tags if "error" in tag.attrs.get("class", "")]

    known, unknown = page(inspector.email), page("nobody@example.com")

    assert known == unknown
    assert any(known)


@pytest.mark.parametrize("host", ["testserver", settings.DISCREET_HOST])
def test_leave_forgets_everything_and_goes_elsewhere(host, world):
    client = world.enter("inspector")
    session = client.session.session_key
    assert Draft.objects.open(world.cookie)

    response = client.get("/leave", headers={"host": host})

    assert (response.status_code, response["Location"]) == (302, settings.LEAVE_URL)
    assert response["Clear-Site-Data"] == '"cookies", "storage"'
    assert Draft.objects.open(world.cookie) is None
    assert not client.session.exists(session)
    deleted = {name for name, cookie in response.cookies.items() if not cookie.value and cookie["max-age"] == 0}
    assert deleted == {settings.ANSWERS_COOKIE_NAME, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}


# --- For operators ---------------------------------------------------------------------------------------------------


def test_healthz_asks_nobody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_says_how_things_stand_in_figures(client, world):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["database"] is True
    assert all(value is None or isinstance(value, bool | float) for value in response.json().values())


PRODUCTION = {
    "SECRET_KEY": "not-a-secret-" * 5,
    "FIELD_KEYS": "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "INDEX_KEY": "not-a-secret-either",
    "DATABASE_URL": "postgres://somebody@127.0.0.1:9/walkandtalk",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "EMAIL_URL": "smtp+tls://127.0.0.1:9",
    "PUBLIC_URL": "https://walkandtalk.example.com",
    "DISCREET_URL": "https://appointments.example.com",
    "FROM_EMAIL": "Walk and Talk <hello@walkandtalk.example.com>",
    "DISCREET_FROM_EMAIL": "Appointments <hello@appointments.example.com>",
}
ASKED = [
    "DEBUG",
    "DEMO",
    "EMBEDDED",
    "ALLOWED_HOSTS",
    "SECURE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_DOMAIN",
    "SESSION_COOKIE_PATH",
    "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_DOMAIN",
    "CSRF_COOKIE_PATH",
    "ANSWERS_COOKIE_NAME",
]


def start(tmp_path, **variables):
    """The settings, as a process with these variables and no others would read them."""
    code = "import json; from django.conf import settings as s; "
    code += f"print(json.dumps({{name: getattr(s, name) for name in {ASKED!r}}}))"
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "walkandtalk.settings",
        "WALKANDTALK_VAR": str(tmp_path / "var"),
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    return json.loads(start(tmp_path_factory.mktemp("production"), **PRODUCTION).stdout)


def test_production_is_secure_by_itself(production):
    assert production == {
        "DEBUG": False,
        "DEMO": False,
        "EMBEDDED": False,
        "ALLOWED_HOSTS": ["walkandtalk.example.com", "appointments.example.com"],
        "SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_DOMAIN": None,
        "SESSION_COOKIE_PATH": "/",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_PATH": "/",
        "ANSWERS_COOKIE_NAME": "__Host-answers",
    }


def test_production_cookies_stay_on_their_host_and_away_from_scripts(production, settings, inspector):
    for name in ASKED[4:]:
        setattr(settings, name, production[name])
    client = Client()

    started = client.post("/request/", {"danger": "no"}, secure=True)
    page = client.get(SIGN_IN, secure=True)
    signed_in = client.post(SIGN_IN, {"username": inspector.email, "password": PASSWORD}, secure=True)
    left = client.get("/leave", secure=True)

    given = {name: cookie for r in (started, page, signed_in) for name, cookie in r.cookies.items()}
    assert set(given) == {"__Host-answers", "__Host-session", "__Host-csrf"}
    for cookie in [*given.values(), *left.cookies.values()]:
        assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["samesite"]) == (True, "/", "", "Lax")
    assert all(cookie["httponly"] for cookie in given.values())
    assert client.get("/").status_code == 301
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "missing", [["SECRET_KEY", "PUBLIC_URL"], [name for name in PRODUCTION if name != "DATABASE_URL"]]
)
def test_production_names_what_is_missing_and_does_not_start(missing, tmp_path):
    given = {name: value for name, value in PRODUCTION.items() if name not in missing}

    ended = start(tmp_path, **given)

    assert ended.returncode != 0
    assert ended.stderr.strip().endswith(f"Set these environment variables, then start again: {', '.join(missing)}.")
    assert not (tmp_path / "var").exists()
