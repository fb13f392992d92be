"""Health addresses, and the settings that production requires."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from tests.support.factories import PASSWORD

pytestmark = pytest.mark.django_db

SIGN_IN = "/staff/sign-in/"


def test_healthz_needs_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_has_only_figures(client, world):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["database"] is True
    assert all(value is None or isinstance(value, bool | float) for value in response.json().values())


PRODUCTION = {
    "WALKANDTALK_ENV": "production",
    "SECRET_KEY": "for-tests-alone-7f3b9c1e5a8d2046-for-tests-alone-0c6e4a2b",
    "FIELD_KEYS": "1:Ynrh/2fqznvLUhsqPntoCLrpLC7RpZWq5kDvV+tjkes=",
    "INDEX_KEY": "for-tests-alone-e1d49c7a5b3f8062-for-tests-alone-51b7d903",
    "DATABASE_URL": "postgres://someone@127.0.0.1:9/walkandtalk",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "EMAIL_URL": "smtp+tls://127.0.0.1:9",
    "PUBLIC_URL": "https://walkandtalk.example.com",
    "DISCREET_URL": "https://appointments.example.com",
    "FROM_EMAIL": "Walk and Talk <hello@walkandtalk.example.com>",
    "DISCREET_FROM_EMAIL": "Appointments <hello@appointments.example.com>",
    "AUDITOR_EMAIL": "auditor@example.com",
    "ERASURES_OPTIONS": '{"location": "/srv/erasures"}',
    "ORGANISATION_NAME": "the Metropolitan Police Service | Scheme lead | 2026-11-28",
    "ORGANISATION_ADDRESS": "New Scotland Yard, London SW1A 2JL | Scheme lead | 2026-11-28",
    "ORGANISATION_DATA_CONTROLLER": "The Commissioner | Scheme lead | 2026-11-28",
    "ORGANISATION_LEGAL_BASIS": "Public task | Scheme lead | 2026-11-28",
    "ORGANISATION_DATA_PROTECTION": "data@example.com | Scheme lead | 2026-11-28",
    "ORGANISATION_COMPLAINTS": "complaints@example.com | Scheme lead | 2026-11-28",
    "ORGANISATION_PHONE": "020 7946 0100 | Scheme lead | 2026-11-28",
    "ORGANISATION_PHONE_HOURS": "every day, 7am to 11pm | Scheme lead | 2026-11-28",
}
READ_BACK = [
    "DEBUG",
    "DEMO",
    "DEVELOPMENT",
    "PLACEHOLDERS_CLOSE_BCUS",
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
    "KNOWN_BROWSER_COOKIE_NAME",
]


READ_SETTINGS = f"""
import json
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {READ_BACK!r}}}))
"""
START_WITHOUT_DEVTOOLS = """
import importlib, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("devtools"):
            raise ModuleNotFoundError(f"{name} is missing")

sys.meta_path.insert(0, Missing())
import django
django.setup()
for name in ("urls", "discreet_urls", "wsgi", "celery"):
    importlib.import_module(f"walkandtalk.{name}")
"""


def start(tmp_path, code=READ_SETTINGS, **variables):
    """Run the code in a process with these variables and no others."""
    inherited = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment = {
        **inherited,
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


def test_production_is_secure_by_default(production):
    assert production == {
        "DEBUG": False,
        "DEMO": False,
        "DEVELOPMENT": False,
        "PLACEHOLDERS_CLOSE_BCUS": True,
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
        "KNOWN_BROWSER_COOKIE_NAME": "__Host-known-browser",
    }


def test_production_cookies_are_host_only_and_hidden_from_scripts(production, settings, inspector):
    for name in READ_BACK[5:]:
        setattr(settings, name, production[name])
    client = Client()

    started = client.post("/request/", {"danger": "no"}, secure=True)
    page = client.get(SIGN_IN, secure=True)
    signed_in = client.post(SIGN_IN, {"username": inspector.email, "password": PASSWORD}, secure=True)
    response = client.get("/leave", secure=True)

    set_cookies = {name: cookie for r in (started, page, signed_in) for name, cookie in r.cookies.items()}
    assert set(set_cookies) == {"__Host-answers", "__Host-session", "__Host-csrf", "__Host-known-browser"}
    for cookie in [*set_cookies.values(), *response.cookies.values()]:
        same_site = "Strict" if cookie.key == "__Host-known-browser" else "Lax"
        assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["samesite"]) == (True, "/", "", same_site)
    assert all(cookie["httponly"] for cookie in set_cookies.values())
    assert client.get("/").status_code == 301
    assert client.get("/healthz").status_code == 200


def test_production_starts_without_devtools(tmp_path):
    started = start(tmp_path, START_WITHOUT_DEVTOOLS, **PRODUCTION, STATIC_ROOT=str(tmp_path))

    assert (started.returncode, started.stderr) == (0, "")
    in_development = start(tmp_path, START_WITHOUT_DEVTOOLS)
    assert in_development.stderr.endswith("ModuleNotFoundError: devtools is missing\n")


FIND_DEMO = """
import json
import django
from django.conf import settings
from django.core.management import get_commands
django.setup()
print(json.dumps([settings.DEMO, settings.DEMO_PASSWORD, "load_demo_data" in get_commands()]))
"""


def test_no_variable_brings_the_demo_to_production(tmp_path):
    demo = {"DEMO": "1", "DEMO_PASSWORD": "river lamp otter"}

    in_production = start(tmp_path, FIND_DEMO, **PRODUCTION, **demo)

    assert json.loads(in_production.stdout) == [False, "walk-and-talk-demo", False]
    assert json.loads(start(tmp_path, FIND_DEMO, **demo).stdout) == [True, "river lamp otter", True]


@pytest.mark.parametrize("name", ["", "Production", "staging"])
def test_settings_refuse_any_other_environment(name, tmp_path):
    ended = start(tmp_path, **PRODUCTION | {"WALKANDTALK_ENV": name})

    assert ended.returncode != 0
    assert ended.stderr.endswith(f"WALKANDTALK_ENV is “{name}”. Set it to production, or to development.\n")


@pytest.mark.parametrize("chosen", [{}, {"WALKANDTALK_ENV": "development"}])
@pytest.mark.parametrize("variables", [["DATABASE_URL"], ["REDIS_URL"], ["DATABASE_URL", "REDIS_URL"]])
def test_development_refuses_the_servers_of_a_deployment(variables, chosen, tmp_path):
    ended = start(tmp_path, **{name: PRODUCTION[name] for name in variables}, **chosen)

    assert ended.returncode != 0
    assert f"Set WALKANDTALK_ENV=production, or unset {' and '.join(variables)}: " in ended.stderr
    assert not (tmp_path / "var").exists()


REQUIRED = [name for name in PRODUCTION if name != "WALKANDTALK_ENV"]


@pytest.mark.parametrize("missing", [["SECRET_KEY", "PUBLIC_URL"], ["DATABASE_URL"], REQUIRED])
def test_production_names_missing_variables_and_does_not_start(missing, tmp_path):
    environment = {name: value for name, value in PRODUCTION.items() if name not in missing}

    ended = start(tmp_path, **environment)

    assert ended.returncode != 0
    assert ended.stderr.strip().endswith(f"start again.\n✗ Set {', '.join(missing)}.")
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    "value",
    ["020 7946 0100", "020 7946 0100 | | 2026-11-28", "020 7946 0100 | Scheme lead | last week"],
    ids=["only the text", "no owner", "no date"],
)
def test_who_runs_the_service_needs_an_owner_and_the_day_it_was_checked(value, tmp_path):
    ended = start(tmp_path, **PRODUCTION | {"ORGANISATION_PHONE": value})

    assert ended.returncode != 0
    assert ended.stderr.strip().endswith("like “020 7946 0100 | Scheme lead | 2026-11-28”: ORGANISATION_PHONE.")


READ_CONDUCT_INBOX = "from django.conf import settings; print(repr(settings.CONDUCT_INBOX))"


@pytest.mark.parametrize("inbox", ["", "standards@example.com"])
def test_conduct_inbox_is_one_address_or_empty(inbox, tmp_path):
    started = start(tmp_path, READ_CONDUCT_INBOX, **PRODUCTION, CONDUCT_INBOX=inbox)

    assert started.stdout == f"{inbox!r}\n"


@pytest.mark.parametrize("inbox", ["standards", "Standards <standards@example.com>", "a@example.com, b@example.com"])
def test_conduct_inbox_that_is_no_address_is_refused(inbox, tmp_path):
    ended = start(tmp_path, READ_CONDUCT_INBOX, **PRODUCTION, CONDUCT_INBOX=inbox)

    assert ended.returncode != 0
    assert "CONDUCT_INBOX must be one email address" in ended.stderr


READ_BSL_FILMS = "from django.conf import settings; print(settings.BSL_FILMS)"


def test_films_are_addresses_or_empty(tmp_path):
    started = start(tmp_path, READ_BSL_FILMS, **PRODUCTION, BSL_FILM_STAYING_SAFE="https://films.example.com/safe")

    films = {"how-it-works": "", "staying-safe": "https://films.example.com/safe", "what-you-say": ""}
    assert started.stdout == f"{films}\n"


@pytest.mark.parametrize("film", ["films.example.com/safe", "http://films.example.com/safe", "javascript:alert(1)"])
def test_film_that_is_no_https_address_is_refused(film, tmp_path):
    ended = start(tmp_path, READ_BSL_FILMS, **PRODUCTION, BSL_FILM_STAYING_SAFE=film)

    assert ended.returncode != 0
    assert "must be one https:// address" in ended.stderr


def test_production_connects_to_no_partner_on_this_machine(tmp_path):
    ended = start(tmp_path, **PRODUCTION, OPEN311_LOCAL_SERVER="1")

    assert ended.returncode != 0
    assert "Unset OPEN311_LOCAL_SERVER" in ended.stderr
