"""Input that our pages never send, and odd text that users may paste, cause no error and save no row."""

from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from bookings.request_form.forms.registry import FORMS
from tests.support.addresses import NEUTRAL, every_address, fingerprint, rolled_back
from tests.support.factories import PASSWORD
from tests.support.hostile_text import SCRIPT, contains_script
from tests.support.markup import Markup

pytestmark = pytest.mark.django_db

NOT_TEXT = {"NUL": "%00", "lone surrogate": "%ED%A0%80"}
FORM = "application/x-www-form-urlencoded"
ODD = {
    "script": SCRIPT,
    "long": "x" * 10_000,
    "emoji": "👩🏽‍🦽🔦" * 50,
    "right to left": "\u202eמַאיָה\u2066 שלום",
    "mangled by someone else": "Ma\ufffdya",
    "broken lines": "a\r\nBcc: b@example.com\n\x0b\x1b[31m\u2028c",
}


def names_for(who):
    """Return the staff pages for an inspector, and the public pages for others."""
    return [address.name for address in every_address() if address.is_for_staff == (who == "inspector")]


def host_of(name):
    return {"host": settings.DISCREET_HOST if name.startswith(NEUTRAL) else "testserver"}


def send(client, world, name, body, content_type=FORM):
    return client.post(world.path(name), body, content_type=content_type, headers=host_of(name))


# --- Invalid text ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["signed_out", "inspector"])
def test_invalid_text_is_refused_everywhere_and_saves_nothing(who, world):
    client, previous_rows = world.enter(who), fingerprint()

    answered = {}
    for name in names_for(who):
        path, headers = world.path(name), host_of(name)
        for what, bad in NOT_TEXT.items():
            answered[name, what, "GET key"] = client.get(f"{path}?a{bad}b=c", headers=headers).status_code
            answered[name, what, "GET value"] = client.get(f"{path}?state=a{bad}b", headers=headers).status_code
            answered[name, what, "POST key"] = send(client, world, name, f"a{bad}b=c").status_code
            answered[name, what, "POST value"] = send(client, world, name, f"place=a{bad}b").status_code

    assert set(answered.values()) == {400}
    assert fingerprint() == previous_rows


@pytest.mark.parametrize("bad", [*NOT_TEXT.values(), "%C3", "%E9", "%FF"])
@pytest.mark.parametrize(
    "path", ["/my-walk/{}aaaaaaaaaa/", "/tell-us/{}/", "/request/{}/", "/{}/", "/staff/bookings/{}/", "/static/{}.css"]
)
def test_invalid_text_in_a_path_opens_no_page(path, bad, client, db):
    response = client.get(path.format(bad))

    assert response.status_code in (302, 400, 404)


@pytest.mark.parametrize("path", ["/my-walk/a%00b/", "/tell-us/a%00b/"])
def test_nul_in_the_token_of_a_link_is_refused(path, client, db):
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("bad", [b"\x00", b"\xed\xa0\x80", b"\xe9"])
def test_invalid_text_is_refused_in_multipart_data(bad, world):
    client, previous_rows = world.enter("signed_out"), fingerprint()
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nMa' + bad + b"ya\r\n--x--\r\n"

    response = send(client, world, "request_form:question", body, "multipart/form-data; boundary=x")

    assert response.status_code == 400
    assert fingerprint() == previous_rows


def test_charset_of_a_request_is_ignored(world):
    client, question = world.enter("inspector"), world.path("request_form:question")

    for charset in ("hex", "unicode_escape", "utf-16", "utf-7", "nonsense", "\ufffd"):
        kind = f"{FORM}; charset={charset}"
        response = client.generic("GET", "/staff/bookings/?state=%5Cud800+2AA-", content_type=kind)
        posted = client.generic("POST", question, b"name=%5Cud800+2AA-", content_type=kind)
        assert (response.status_code, posted.status_code) == (200, 302), charset


@pytest.mark.parametrize("cookie", ["session", "csrf", "answers", "other"])
def test_unknown_cookie_values_are_ignored(cookie, southwark):
    for value in (r'"\000aaaaaaaaaaaaaaaa"', "\xed\xa0\x80" * 20, "x" * 5000, '"'):
        client, headers = Client(), {"Cookie": f"{cookie}={value}"}
        answers = [client.get(path, headers=headers).status_code for path in ("/", "/request/", "/staff/bookings/")]
        posted = client.post("/request/name/", {"name": "Maya"}, headers=headers)
        assert [*answers, posted.status_code] == [200, 200, 302, 302], value


def test_neutral_host_refuses_without_revealing_its_subject(world):
    response = world.enter("signed_out").get("/?a=%00", headers={"host": settings.DISCREET_HOST})

    assert response.status_code == 400
    assert not [word for word in ("walk", "police", "officer") if word in response.text.lower()]


# --- Odd text that a person may paste --------------------------------------------------------------------------------

FORMS_OF = {
    "signed_out": [
        "request_form:start",
        "request_form:question",
        "manage:find_booking",
        "manage:cancel",
        "manage:answer_offer",
        "manage:request_other_times",
        "manage:change_address",
        "manage:unsafe_inbox",
        "feedback:submit_report",
        "feedback:conduct",
        "accounts:sign_in",
        f"{NEUTRAL}manage:request_other_times",
        f"{NEUTRAL}manage:find_booking",
        f"{NEUTRAL}feedback:submit_report",
    ],
    "inspector": [
        "scheduling:schedule",
        "triage:decline",
        "scheduling:offer_times",
        "triage:hand_over",
        "scheduling:cancel",
        "scheduling:decline_change_request",
        "pins:reset_pin",
        "scheduling:change_walk",
        "walks:weekly_duty",
        "walks:duty_days",
        "walks:import_duties",
        "feedback:concern",
        "feedback:answer",
        "feedback:join",
        "feedback:improve",
        "feedback:answer_improvement",
        "improvements:public_words",
        "improvements:change",
        "improvements:reopen",
        "referrals:refer",
        "referrals:note_answer",
        "feedback:record_concern",
    ],
}


def fill(page, odd):
    return dict.fromkeys(Markup(page.text).fields, odd)


@pytest.mark.parametrize("who", FORMS_OF)
def test_forms_accept_odd_text_and_never_run_it(who, world):
    for name in FORMS_OF[who]:
        page = world.ask(world.enter(who), name)
        for what, odd in ODD.items():
            with rolled_back():
                client, answers = world.enter(who), fill(page, odd)
                assert answers or name == "manage:cancel"
                response = client.post(world.path(name), answers, headers=host_of(name), follow=True)
                assert response.status_code in (200, 422), (name, what)
                assert not contains_script(response), (name, what)


# Checkboxes and radio buttons hold no text, and a PIN is never shown.
NOTHING_SHOWN_AGAIN = ("age", "accompanied", "pin", "about", "company", "passing-on")


def test_questions_keep_typed_text_and_never_run_it(world):
    client = world.enter("signed_out")

    for question in FORMS:
        path = f"/request/{question}/"
        for odd in (SCRIPT, "x" * 10_000):
            with rolled_back():
                answers = fill(client.get(path), odd)
                response = client.post(path, answers, follow=True)
                assert response.status_code in (200, 422), question
                assert not contains_script(response), question
                if response.status_code == 422 and answers and question not in NOTHING_SHOWN_AGAIN:
                    assert odd in Markup(response.text).typed, question


def test_check_page_shows_odd_text_as_text(world):
    client = world.enter("signed_out")
    client.post("/request/name/", {"name": SCRIPT[:90]})
    client.post("/request/meeting-place/", {"how": "place", "place": SCRIPT})
    client.post("/request/needs/", {"needs": ["other"], "needs_details": SCRIPT})
    client.post("/request/route/", {"route": SCRIPT})

    page = client.get("/request/check/")

    assert page.status_code == 200
    assert page.text.count("&lt;script&gt;") == 4
    assert not contains_script(page)


def test_pasted_replacement_character_is_kept(world):
    client = world.enter("signed_out")

    response = client.post("/request/name/", {"name": "Ma\ufffdya"})

    assert response.status_code == 302
    assert "Ma\ufffdya" in client.get("/request/name/").text


@pytest.mark.parametrize("name", ["a" * 250 + "@example.com", "a" * 300 + "@example.com", "x" * 10_000])
def test_sign_in_with_a_long_address_shows_an_error(name, client, db):
    response = client.post("/staff/sign-in/", {"username": name, "password": "x" * 10_000})

    assert response.status_code in (200, 422)
    assert "error-summary" in response.text


# Most are nonsense; others are well-formed, but match no row or another inspector's.
ODD_QUERIES = [
    "state=nothing&after=nothing&preferred_time=nothing&week=nothing&add=nothing",
    "state=&after=&preferred_time=&show=",
    "preferred_time=99999999999999999999999999999999&preferred_time=-1",
    "preferred_time=²&show=²&week=9999-12-31",
    "state=open&state=waiting&after=1&after=2",
    "after=" + "9" * 5000,
    "after={00000000000000000000000000000000}",
    "after=00000000-0000-0000-0000-000000000000",
    "show[]=all&state[$ne]=1&after=' OR 1=1 --",
    "next=//example.com/&next=javascript:alert(1)",
    f"{quote(SCRIPT)}={quote(SCRIPT)}",
    f"state={quote(SCRIPT)}&show={quote(SCRIPT)}",
    "&".join(f"k{n}=v" for n in range(150)),
]


@pytest.mark.parametrize(
    "name",
    [
        "triage:queue",
        "on_the_day:walks",
        "walks:duties",
        "walks:officer_duties",
        "scheduling:schedule",
        "scheduling:change_walk",
        "triage:booking",
        "feedback:concerns",
    ],
)
def test_odd_queries_still_show_the_page(name, world):
    client = world.enter("inspector")
    client.get(world.path(name))
    previous_rows = _fingerprint_without_read_log()

    for query in ODD_QUERIES:
        response = client.get(f"{world.path(name)}?{query}")
        assert response.status_code == 200, query
        assert not contains_script(response), query

    assert _fingerprint_without_read_log() == previous_rows


def _fingerprint_without_read_log():
    """Leave out the read log, which grows whenever a booking is opened."""
    return {table: sum_ for table, sum_ in fingerprint().items() if table != "bookings_readlog"}


@pytest.mark.parametrize("target", ["//example.com/", "https://example.com/", "javascript:alert(1)", "/\\example.com"])
def test_sign_in_never_redirects_to_another_host(target, client, inspector):
    response = client.post("/staff/sign-in/", {"username": inspector.email, "password": PASSWORD, "next": target})

    assert response["Location"] == "/staff/"


@pytest.mark.parametrize("count", [201, 20_000])
def test_too_many_fields_are_refused(count, world):
    client, previous_rows = world.enter("signed_out"), fingerprint()

    response = send(client, world, "request_form:question", "&".join(f"k{n}=v" for n in range(count)))

    assert response.status_code == 400
    assert fingerprint() == previous_rows
