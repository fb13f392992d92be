"""Passkeys: which answers of a device we believe, on each page that asks for one."""

import json

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.utils import timezone
from fido2.utils import websafe_encode

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.sign_in.passkey import MOST_A_MINUTE
from tests.support.factories import PASSWORD
from tests.support.second_factors import add_passkey
from tests.support.soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db

ADD = "/staff/second-factor/passkeys/new/"
SIGN_IN = "/staff/sign-in/passkey/"
SECOND_STEP = "/staff/sign-in/second-step/"
CONFIRM = "/staff/confirm/passkey/"
PUBLIC_URL = "https://walk.example.com"
LIES = [
    {"origin": "https://evil.example"},
    {"origin": f"https://sub.{PUBLIC_URL[8:]}"},  # which the library would believe
    {"origin": f"{PUBLIC_URL}:8443"},
    {"origin": f"http://{PUBLIC_URL[8:]}"},
    {"cross_origin": True},
    {"verified": False},
    {"host": "evil.example"},
]
EACH_LIE = pytest.mark.parametrize("lie", LIES, ids=str)


@pytest.fixture(params=[True, False], ids=["lax library", "strict library"])
def address(request, settings):
    """The public address. With other settings the library would believe any origin, and any device."""
    settings.PUBLIC_URL = PUBLIC_URL
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = request.param
    settings.MFA_WEBAUTHN_USER_VERIFICATION = "discouraged" if request.param else "required"


@pytest.fixture
def device(officer, address):
    return add_passkey(officer)[1]


def opens(browser):
    return browser.get("/staff/walks/").status_code == 200


def test_new_passkey_must_be_verified_and_kept_on_the_device(signed_in, officer, ask):
    asked = ask(signed_in(officer), ADD, name="Work phone")

    wanted = asked["authenticatorSelection"]
    assert (wanted["userVerification"], wanted["residentKey"]) == ("required", "required")
    assert officer.name not in json.dumps(asked)


def test_passkey_is_added_under_its_name(signed_in, officer, ask, address):
    browser, device = signed_in(officer), SoftPasskey()

    response = browser.post(ADD, {"name": "Work phone", "credential": device.create(ask(browser, ADD, name="x"))})

    assert response["Location"] == "/staff/second-factor/recovery-codes/"
    assert [str(row) for row in Authenticator.objects.filter(user=officer, type="webauthn")] == ["Work phone"]


@EACH_LIE
def test_new_passkey_is_refused_if_it_is_not_from_our_page_and_the_person(lie, signed_in, officer, ask, address):
    browser, device = signed_in(officer), SoftPasskey()

    answer = device.create(ask(browser, ADD, name="x"), **lie)
    response = browser.post(ADD, {"name": "x", "credential": answer})

    assert response.status_code == 422
    assert "Your passkey was not accepted" in response.text
    assert not Authenticator.objects.filter(user=officer).exists()


def test_passkey_is_the_only_step(device, officer, ask):
    browser = Client()

    response = browser.post(SIGN_IN, {"credential": device.get(ask(browser, SIGN_IN)), "next": "/staff/keys/"})

    assert response["Location"] == "/staff/keys/"
    assert opens(browser)
    assert SecurityEvent.objects.filter(kind=Kind.SIGNED_IN).get().change == "webauthn"


@EACH_LIE
def test_passkey_as_the_only_step_is_refused(lie, device, officer, ask):
    browser = Client()

    response = browser.post(SIGN_IN, {"credential": device.get(ask(browser, SIGN_IN), **lie)})

    assert response.status_code == 422
    assert "Try again. Your passkey was not accepted." in response.text
    assert not opens(browser)


@EACH_LIE
def test_passkey_as_the_second_step_is_refused(lie, device, officer, enter_password, ask):
    browser, _ = enter_password(officer)

    response = browser.post(SECOND_STEP, {"credential": device.get(ask(browser, SECOND_STEP), **lie)})

    assert response.status_code == 422
    assert not opens(browser)


def test_passkey_as_the_second_step_goes_on_to_the_page_that_was_asked_for(device, officer, enter_password, ask):
    browser, _ = enter_password(officer, next="/staff/keys/")

    response = browser.post(SECOND_STEP, {"credential": device.get(ask(browser, SECOND_STEP))})

    assert response["Location"] == "/staff/keys/"
    assert opens(browser)


def test_wrong_passkeys_count_as_wrong_tries(officer, enter_password, address, ask):
    """So that nobody who has the password can fill the log."""
    add_passkey(officer)
    browser, _ = enter_password(officer)
    other = SoftPasskey()
    other.handle = ""

    for _ in range(7):
        last = browser.post(SECOND_STEP, {"credential": other.get(ask(browser, SECOND_STEP))})

    assert "Wait five minutes, then try again." in last.text
    assert SecurityEvent.objects.filter(kind=Kind.SIGN_IN_FAILED, subject=officer).count() == 5


def test_unverified_passkey_does_not_confirm(officer, address, ask):
    device = add_passkey(officer)[1]
    browser = Client()
    browser.force_login(officer)

    response = browser.post(CONFIRM, {"credential": device.get(ask(browser, CONFIRM), verified=False)})

    assert response.status_code == 422


def test_answer_works_once(device, ask):
    browser = Client()
    answer = device.get(ask(browser, SIGN_IN))
    browser.post(SIGN_IN, {"credential": answer})
    browser.post("/staff/sign-out/")

    assert browser.post(SIGN_IN, {"credential": answer}).status_code == 422


def test_copy_of_a_key_is_refused(device, ask):
    """A copy repeats a count that the key has passed."""
    opened = []
    for device.count in (7, 9, 9, 8, 0, 10):
        browser = Client()
        browser.post(SIGN_IN, {"credential": device.get(ask(browser, SIGN_IN))})
        opened.append(opens(browser))

    assert opened == [True, True, False, False, False, True]


def test_passkey_of_a_closed_account_opens_nothing(device, officer, ask):
    browser = Client()
    answer = device.get(ask(browser, SIGN_IN))
    type(officer).objects.update(is_active=False)

    browser.post(SIGN_IN, {"credential": answer})

    assert not opens(browser)


def test_wrong_passkeys_of_one_account_are_one_line(device, officer, ask):
    """Anyone can send them, so they must not fill the log."""
    for _ in range(3):
        browser = Client()
        browser.post(SIGN_IN, {"credential": device.get(ask(browser, SIGN_IN), verified=False)})

    lines = SecurityEvent.objects.filter(kind=Kind.SIGN_IN_FAILED)
    assert [(line.officer, line.subject, line.change) for line in lines] == [(None, officer, "passkey")]


def test_network_that_presses_too_often_has_to_wait():
    """Its people have nothing to do with each other, so the line names nobody."""
    with time_machine.travel(timezone.now(), tick=False):  # or the next minute may begin meanwhile
        presses = [Client().post(SIGN_IN, {"options": "1"}) for _ in range(MOST_A_MINUTE)]
        refused = Client().post(SIGN_IN, {"options": "1"})

    assert {press.status_code for press in presses} == {200}
    assert refused.status_code == 429
    assert "Wait a minute, then try again." in refused.text
    line = SecurityEvent.objects.get()
    assert (line.kind, line.officer, line.subject) == (Kind.LIMIT_REACHED, None, None)


def answer_with(cbor):
    """Return an answer that each page reads as far as its CBOR."""
    device = b"\0" * 32 + b"\x85" + b"\0" * 4 + cbor  # of a person who was checked, with extensions
    said = b'{"type": "webauthn.get", "challenge": "YQ", "origin": "x"}'
    parts = {"clientDataJSON": said, "attestationObject": cbor, "authenticatorData": device, "signature": b"x"}
    response = {name: websafe_encode(part) for name, part in parts.items()}
    return json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": response})


@pytest.mark.parametrize(
    "answer",
    [
        *("", "x", "1", "null", "[]", "{}", '{"id": 1}', '{"id": "YQ", "rawId": "YQ", "type": "public-key"}'),
        '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": []}',
        '{"id": "YQ", "rawId": "YQ", "response": {"userHandle": 1}}',
        '{"response": {"userHandle": "/w"}}',
        *("[" * 10_000, "1" * 5_000),
        *(answer_with(b""), answer_with(b"\x81" * 3_000)),
    ],
    ids=lambda answer: answer[:40],
)
def test_odd_answers_are_refused_with_a_sentence(answer, officer, enter_password):
    add_passkey(officer)
    person, thief = enter_password(officer)[0], Client()
    admitted = Client()
    admitted.force_login(officer)

    statuses = {
        page: browser.post(page, {"name": "x", "credential": answer}).status_code
        for browser, page in [(thief, SIGN_IN), (person, SECOND_STEP), (admitted, ADD), (admitted, CONFIRM)]
    }

    assert set(statuses.values()) == {422}
    assert not SecurityEvent.objects.filter(kind=Kind.SIGN_IN_FAILED).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["FOR NO KEY UPDATE", 'SET "last_used_at"'])
@pytest.mark.parametrize("page", [SIGN_IN, SECOND_STEP, CONFIRM])
def test_passkey_that_is_removed_at_this_moment_is_refused(page, statement, officer, enter_password, ask):
    passkey, device = add_passkey(officer)
    device.count = 1
    browser = Client() if page == SIGN_IN else enter_password(officer)[0]
    if page == CONFIRM:
        browser.force_login(officer)
    answer = device.get(ask(browser, page))

    def remove(execute, sql, *args):
        if statement in sql and "mfa_authenticator" in sql:
            Authenticator.objects.filter(pk=passkey.pk).delete()
        return execute(sql, *args)

    with connection.execute_wrapper(remove):
        response = browser.post(page, {"credential": answer})

    assert response.status_code == 422
    assert "Your passkey was not accepted" in response.text
    assert not SecurityEvent.objects.filter(kind=Kind.SIGNED_IN).exists()


def test_passkey_before_does_not_stand_in_for_the_second_step(device, officer, ask):
    """A session that has ended may still hold what was shown in it."""
    browser = Client()
    browser.post(SIGN_IN, {"credential": device.get(ask(browser, SIGN_IN))})
    session = browser.session
    session["signed_in_at"] = session["seen_at"] = 0
    del session["_auth_user_id"]
    session.save()

    response = browser.post("/staff/sign-in/", {"username": officer.email, "password": PASSWORD})

    assert response["Location"] == SECOND_STEP
    assert not opens(browser)
