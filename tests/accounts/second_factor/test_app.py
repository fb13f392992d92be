"""The authenticator app: set up with a right code, and each code works once."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from tests.support.second_factors import add_app, code_of, key_on

pytestmark = pytest.mark.django_db

ADD = "/staff/second-factor/app/new/"
SECOND_STEP = "/staff/sign-in/second-step/"


def read_key(browser):
    return key_on(browser.get(ADD))


def test_app_is_added_with_a_right_code(signed_in, officer):
    browser = signed_in(officer)
    secret = read_key(browser)

    response = browser.post(ADD, {"code": code_of(secret)})

    assert response["Location"] == "/staff/second-factor/recovery-codes/"
    assert Authenticator.objects.filter(user=officer, type="totp").exists()


def test_wrong_code_adds_nothing_and_keeps_the_key(signed_in, officer):
    browser = signed_in(officer)
    secret = read_key(browser)

    response = browser.post(ADD, {"code": "123"})

    assert response.status_code == 422
    assert key_on(response) == secret
    assert not Authenticator.objects.filter(user=officer).exists()


def test_key_is_new_each_time_the_page_is_opened(signed_in, officer):
    browser = signed_in(officer)
    seen_before = read_key(browser)
    read_key(browser)

    response = browser.post(ADD, {"code": code_of(seen_before)})

    assert response.status_code == 422
    assert not Authenticator.objects.filter(user=officer).exists()


def test_key_ends_after_ten_minutes(signed_in, officer, time_machine):
    time_machine.move_to("2027-03-01 12:00:00+00:00", tick=False)
    browser = signed_in(officer)
    secret = read_key(browser)
    session = browser.session
    session["signed_in_at"] = session["proved_at"] = int(time.time()) + 10 * 60
    session.save()
    time_machine.shift(10 * 60 + 1)

    response = browser.post(ADD, {"code": code_of(secret)})

    assert response.status_code == 422
    assert "Scan the new QR code on this page" in response.text
    assert key_on(response) != secret
    assert browser.post(ADD, {"code": code_of(key_on(response))}).status_code == 302


def test_key_is_encrypted_in_the_session_and_in_its_row(signed_in, officer):
    browser = signed_in(officer)
    secret = read_key(browser)
    in_sessions = json.dumps([session.get_decoded() for session in Session.objects.all()])

    browser.post(ADD, {"code": code_of(secret)})

    in_row = json.dumps(Authenticator.objects.get(type="totp").data)
    assert "new_app_secret" in in_sessions
    assert secret not in in_sessions + in_row
    assert "new_app_secret" not in browser.session


def test_code_that_added_the_app_does_not_sign_in(signed_in, enter_password, officer):
    browser = signed_in(officer)
    code = code_of(read_key(browser))
    browser.post(ADD, {"code": code})

    elsewhere, _ = enter_password(officer)

    assert elsewhere.post(SECOND_STEP, {"code": code}).status_code == 422


@pytest.mark.parametrize("write", ["{0}{1}", "{0} {1}", " {0}-{1} "])
def test_code_is_the_second_step_however_it_is_spaced(write, officer, enter_password):
    code = code_of(add_app(officer)[1])
    browser, first = enter_password(officer)

    response = browser.post(SECOND_STEP, {"code": write.format(code[:3], code[3:])})

    assert first["Location"] == SECOND_STEP
    assert response["Location"] == "/staff/"
    assert browser.get("/staff/walks/").status_code == 200
    assert SecurityEvent.objects.get(kind=Kind.SIGNED_IN).change == "password + totp"


def test_code_works_once(officer, enter_password):
    code = code_of(add_app(officer)[1])
    enter_password(officer)[0].post(SECOND_STEP, {"code": code})

    again, _ = enter_password(officer)

    assert again.post(SECOND_STEP, {"code": code}).status_code == 422
    assert again.get("/staff/walks/").status_code == 302


@pytest.mark.parametrize(("steps", "is_right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clock_of_a_phone_may_differ_by_half_a_minute(steps, is_right, officer, enter_password, time_machine):
    time_machine.move_to("2027-03-01 12:00:10+00:00", tick=False)
    secret = add_app(officer)[1]
    browser, _ = enter_password(officer)

    response = browser.post(SECOND_STEP, {"code": code_of(secret, steps=steps)})

    assert (response.status_code == 302) is is_right


def test_only_one_app(signed_in, officer):
    browser = signed_in(officer)
    secret = read_key(browser)
    add_app(officer)

    response = browser.post(ADD, {"code": code_of(secret)})

    assert response.status_code == 422
    assert "Remove it first" in response.text
