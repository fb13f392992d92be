"""The second step: how often it may be tried, and what ends it."""

import datetime

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.profile.actions import change_own_password
from accounts.sessions.ending import end_access
from outbox.models import Message
from tests.support.factories import PASSWORD, WalkFactory, scheduled_booking
from tests.support.page_text import page_text
from tests.support.password_links import CHOSEN, choose, send_reset
from tests.support.second_factors import add_app, add_passkey, code_of

pytestmark = pytest.mark.django_db

SIGN_IN = "/staff/sign-in/"
SECOND_STEP = "/staff/sign-in/second-step/"


@pytest.fixture
def secret(officer):
    return add_app(officer)[1]


def opens(browser):
    return browser.get("/staff/keys/").status_code == 200


def later(**since):
    return time_machine.travel(timezone.now() + datetime.timedelta(**since))


def test_password_alone_opens_nothing(secret, officer, enter_password):
    browser, first = enter_password(officer)

    assert first["Location"] == SECOND_STEP
    assert not opens(browser)
    assert not SecurityEvent.objects.filter(kind=Kind.SIGNED_IN).exists()


def test_second_step_has_no_page_without_the_first(secret):
    assert Client().get(SECOND_STEP)["Location"] == SIGN_IN
    assert Client().post(SECOND_STEP, {"code": code_of(secret)})["Location"] == SIGN_IN


def test_each_wrong_code_is_a_line(secret, officer, enter_password):
    browser, _ = enter_password(officer)

    pages = [browser.post(SECOND_STEP, {"code": code}) for code in ("1", "", "2")]

    assert [page.status_code for page in pages] == [422] * 3
    lines = SecurityEvent.objects.filter(kind=Kind.SIGN_IN_FAILED)
    assert [(line.officer, line.subject, line.change) for line in lines] == [(None, officer, "second step")] * 2


def test_sixth_code_in_five_minutes_is_not_even_checked(secret, officer, enter_password):
    browser, _ = enter_password(officer)
    for _ in range(5):
        browser.post(SECOND_STEP, {"code": "1"})

    elsewhere, _ = enter_password(officer)
    refused = elsewhere.post(SECOND_STEP, {"code": code_of(secret)})
    elsewhere.post(SECOND_STEP, {"code": code_of(secret)})

    assert "Wait five minutes, then try again." in refused.text
    assert not opens(elsewhere)
    assert SecurityEvent.objects.filter(kind=Kind.SIGN_IN_FAILED).count() == 5
    assert SecurityEvent.objects.get(kind=Kind.SIGN_IN_REFUSED).subject == officer
    with later(minutes=6):
        after, _ = enter_password(officer)
        after.post(SECOND_STEP, {"code": code_of(secret)})
        assert opens(after)


def test_owner_is_told_of_a_right_password_whose_second_step_failed(secret, officer, enter_password):
    browser, _ = enter_password(officer)
    for _ in range(5):
        browser.post(SECOND_STEP, {"code": "1"})
    assert not Message.objects.filter(kind="account_second_step_failed")

    for _ in range(3):
        browser.post(SECOND_STEP, {"code": "1"})

    message = Message.objects.get(kind="account_second_step_failed")
    assert message.recipient == officer.email
    assert "/staff/forgotten-password/" in message.text


def test_fifty_wrong_codes_in_a_day_are_the_last(secret, officer, enter_password):
    for round_ in range(10):
        with later(minutes=6 * round_):
            browser, _ = enter_password(officer)
            for _ in range(5):
                browser.post(SECOND_STEP, {"code": "1"})

    with later(hours=3):
        browser, _ = enter_password(officer)
        browser.post(SECOND_STEP, {"code": code_of(secret)})
        assert not opens(browser)


def use_up_tries(officer, enter_password, password=PASSWORD):
    """Leave no wrong code for five minutes. The password must be right."""
    browser, first = enter_password(officer, password=password)
    assert first["Location"] == SECOND_STEP
    for _ in range(5):
        browser.post(SECOND_STEP, {"code": "1"})


def reset_password(officer, password):
    browser = Client()
    browser.get(send_reset(officer))
    choose(browser, password)


def change_password(officer, password):
    browser = Client()
    browser.force_login(officer)
    new = {"new_password1": password, "new_password2": password}
    assert browser.post("/staff/password/", {"old_password": PASSWORD, **new}).status_code == 302


@pytest.mark.parametrize("get_new_password", [reset_password, change_password])
def test_new_password_lets_the_owner_try_again(get_new_password, secret, officer, enter_password):
    """Whoever used up the tries of the day no longer gets as far as the second step."""
    for round_ in range(10):
        with later(minutes=6 * round_):
            use_up_tries(officer, enter_password)

    with later(hours=2):
        get_new_password(officer, CHOSEN)
        browser, _ = enter_password(officer, password=CHOSEN)
        browser.post(SECOND_STEP, {"code": code_of(secret)})
        assert opens(browser)


def test_fourth_new_password_in_a_day_gives_no_more_tries(secret, officer, enter_password):
    """Otherwise someone with a session and the password could guess for ever."""
    opened = []
    with time_machine.travel("2027-03-01 12:00:00+00:00", tick=False):
        for number in range(4):
            use_up_tries(officer, enter_password, f"{CHOSEN} {number - 1}" if number else PASSWORD)
            officer.refresh_from_db()
            change_own_password(officer, make_password(f"{CHOSEN} {number}"))
            browser, _ = enter_password(officer, password=f"{CHOSEN} {number}")
            opened.append("Wait five minutes" not in browser.post(SECOND_STEP, {"code": "1"}).text)

    assert opened == [True, True, True, False]


def test_wrong_tries_to_confirm_do_not_block_the_second_step(secret, officer, enter_password):
    """Someone at an unlocked computer must not keep its owner from signing in elsewhere."""
    unlocked = Client()
    unlocked.force_login(officer)
    for _ in range(6):
        refused = unlocked.post("/staff/confirm/code/", {"code": "1"})

    browser, _ = enter_password(officer)
    browser.post(SECOND_STEP, {"code": code_of(secret)})

    assert "Wait five minutes" in refused.text
    assert opens(browser)


def close(officer):
    type(officer).objects.filter(pk=officer.pk).update(is_active=False)


@pytest.mark.parametrize("happens", [end_access, close])
def test_what_ends_access_ends_the_second_step(happens, secret, officer, enter_password):
    browser, _ = enter_password(officer)
    happens(officer)

    response = browser.post(SECOND_STEP, {"code": code_of(secret)})

    assert response["Location"] == SIGN_IN
    assert not opens(browser)


def test_second_step_has_five_minutes(secret, officer, enter_password):
    browser, _ = enter_password(officer)

    with later(minutes=6):
        assert browser.post(SECOND_STEP, {"code": code_of(secret)})["Location"] == SIGN_IN


def test_start_again_keeps_the_page_that_was_asked_for(secret, officer, enter_password):
    browser, _ = enter_password(officer, next="/staff/keys/")

    page = browser.get(SECOND_STEP)

    assert f'href="{SIGN_IN}?next=%2Fstaff%2Fkeys%2F"' in page.text


def test_second_step_starts_a_new_session(secret, officer, enter_password):
    browser, _ = enter_password(officer)
    key = browser.session.session_key

    browser.post(SECOND_STEP, {"code": code_of(secret)})

    assert browser.session.session_key != key


@pytest.fixture
def walk(southwark, team):
    start_at = timezone.now() + datetime.timedelta(minutes=30)
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=start_at)
    scheduled_booking(team, borough=southwark, walk=walk)
    return f"/staff/walks/{walk.pk}/"


@pytest.fixture
def idle_phone(client, secret, officer, walk):
    """A phone whose session is idle: only the buttons of the walk work."""
    client.force_login(officer)
    client.get(walk)
    session = client.session
    session["seen_at"] -= 3600
    session.save()
    assert not opens(client)
    return client


def test_walk_buttons_work_beside_an_abandoned_second_step(idle_phone, officer, walk):
    first = idle_phone.post(SIGN_IN, {"username": officer.email, "password": PASSWORD})

    assert first["Location"] == SECOND_STEP
    assert idle_phone.get(SECOND_STEP).status_code == 200
    assert idle_phone.get(walk).status_code == 200
    assert idle_phone.post(f"{walk}on-my-way/")["Location"] == walk
    assert not opens(idle_phone)


def test_idle_session_needs_both_steps_again(idle_phone, officer, secret):
    idle_phone.post(SIGN_IN, {"username": officer.email, "password": PASSWORD})
    assert not opens(idle_phone)

    idle_phone.post(SECOND_STEP, {"code": code_of(secret)})

    assert opens(idle_phone)


def test_someone_without_an_app_is_asked_for_a_recovery_code_alone(officer, enter_password):
    add_passkey(officer)
    browser, _ = enter_password(officer)

    asked = browser.get(SECOND_STEP).text
    wrong = browser.post(SECOND_STEP, {"code": "1"}).text

    assert "Or use a recovery code" in asked
    assert "Enter a recovery code that you haven’t used." in wrong
    assert " app" not in page_text(asked) + page_text(wrong)
