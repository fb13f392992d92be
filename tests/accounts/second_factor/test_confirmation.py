"""Confirming that it’s you before a change: with the second factor, if there is one."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from tests.support.factories import PASSWORD
from tests.support.second_factors import add_app, add_passkey, code_of
from tests.support.soft_passkey import SoftPasskey

pytestmark = pytest.mark.django_db

INDEX = "/staff/second-factor/"
WITH_PASSWORD, WITH_CODE, WITH_PASSKEY = (f"/staff/confirm/{way}/" for way in ("password", "code", "passkey"))


@pytest.fixture
def browser(officer):
    """A browser in which the officer signed in eleven minutes ago, and has been active since."""
    client = Client()
    client.force_login(officer)
    client.get(INDEX)
    session = client.session
    session["signed_in_at"] = session["proved_at"] = int(timezone.now().timestamp()) - 11 * 60
    session.save()
    return client


def is_asked(response):
    return response.status_code == 302 and response["Location"].startswith("/staff/confirm/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_page_that_changes_a_factor_asks_first(method, browser, officer):
    passkey = add_passkey(officer)[0].pk
    paths = ("passkeys/new/", f"passkeys/{passkey}/name/", f"passkeys/{passkey}/remove/", "app/new/", "app/remove/")
    pages = [*paths, "recovery-codes/", "recovery-codes/new/"]

    answers = {page: getattr(browser, method)(INDEX + page) for page in pages}

    assert [page for page, answer in answers.items() if not is_asked(answer)] == []
    assert answers["app/new/"]["Location"].endswith("?next=%2Fstaff%2Fsecond-factor%2Fapp%2Fnew%2F")
    assert browser.get(INDEX).status_code == 200


def test_what_was_posted_too_late_is_not_kept(browser):
    browser.post(f"{INDEX}passkeys/new/", {"name": "Posted too late"})

    assert "Posted too late" not in json.dumps([session.get_decoded() for session in Session.objects.all()])


def test_password_confirms_for_someone_without_a_factor(browser):
    page = f"{INDEX}app/new/"

    wrong = browser.post(WITH_PASSWORD, {"password": "wrong", "next": page})
    right = browser.post(WITH_PASSWORD, {"password": PASSWORD, "next": page})

    assert (wrong.status_code, right["Location"]) == (422, page)
    assert browser.get(page).status_code == 200


def test_wrong_passwords_are_counted_and_logged(browser, officer, settings):
    for _ in range(settings.WRONG_PASSWORDS_PER_KNOWN_BROWSER):
        browser.post(WITH_PASSWORD, {"password": "wrong"})

    refused = browser.post(WITH_PASSWORD, {"password": PASSWORD})

    assert refused.status_code == 429
    lines = SecurityEvent.objects.filter(kind=Kind.SIGN_IN_FAILED, officer=officer, change="confirmation")
    assert lines.count() == settings.WRONG_PASSWORDS_PER_KNOWN_BROWSER


def test_password_does_not_confirm_for_someone_with_a_factor(browser, officer):
    add_app(officer)

    answer = browser.post(WITH_PASSWORD, {"password": PASSWORD, "next": INDEX})

    assert answer["Location"].startswith(WITH_CODE)
    assert is_asked(browser.get(f"{INDEX}recovery-codes/new/"))


def test_code_confirms(browser, officer):
    secret, page = add_app(officer)[1], f"{INDEX}recovery-codes/new/"

    wrong = browser.post(WITH_CODE, {"code": "1", "next": page})
    right = browser.post(WITH_CODE, {"code": code_of(secret), "next": page})

    assert (wrong.status_code, right["Location"]) == (422, page)
    assert browser.get(page).status_code == 200
    assert SecurityEvent.objects.get(kind=Kind.SIGN_IN_FAILED).change == "confirmation"


def test_passkey_confirms_and_comes_first(browser, officer, ask):
    add_app(officer)
    device, page = add_passkey(officer)[1], f"{INDEX}recovery-codes/new/"

    asked = browser.get(page)
    right = browser.post(WITH_PASSKEY, {"credential": device.get(ask(browser, WITH_PASSKEY)), "next": page})

    assert asked["Location"].startswith(WITH_PASSKEY)
    assert right["Location"] == page
    assert browser.get(page).status_code == 200


@pytest.mark.parametrize("page", [WITH_CODE, WITH_PASSKEY, f"{INDEX}app/new/"])
def test_too_many_wrong_tries_are_one_line_more(page, officer, ask):
    """So that the auditor hears of someone at an unlocked computer."""
    browser = Client()
    browser.force_login(officer)
    add_passkey(officer)
    other = SoftPasskey()
    other.handle = ""

    for _ in range(7):
        answer = {"credential": other.get(ask(browser, page))} if page == WITH_PASSKEY else {"code": "1"}
        refused = browser.post(page, answer)

    assert "Wait five minutes, then try again." in refused.text
    line = SecurityEvent.objects.get(kind=Kind.SIGN_IN_REFUSED)
    assert (line.officer, line.subject, line.change) == (officer, officer, "confirmation")


def test_right_code_forgets_the_wrong_ones(browser, officer):
    secret = add_app(officer)[1]
    for code in ("1", "1", "1", "1", code_of(secret)):
        browser.post(WITH_CODE, {"code": code})

    pages = [browser.post(WITH_CODE, {"code": "1"}).text for _ in range(5)]

    assert not any("Wait five minutes" in page for page in pages)


def test_confirming_leads_to_no_other_site(browser):
    answer = browser.post(WITH_PASSWORD, {"password": PASSWORD, "next": "https://evil.example/"})

    assert answer["Location"] == "/staff/"


def test_confirming_gives_the_session_a_new_key(browser):
    key = browser.session.session_key
    page = f"{INDEX}app/new/"

    browser.post(WITH_PASSWORD, {"password": PASSWORD, "next": page})

    assert browser.session.session_key != key
    assert browser.get(page).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_changing_the_password_asks_for_the_second_factor_first(method, browser, officer):
    add_passkey(officer)

    assert is_asked(getattr(browser, method)("/staff/password/"))


@pytest.mark.parametrize(
    ("next_page", "before"),
    [
        ("/staff/sessions/", "/staff/sessions/"),
        ("/staff/password/", "/staff/"),
        (f"{INDEX}app/new/", INDEX),
        ("/staff/audit/vetting/7/", "/staff/"),
        ("//example.com/", INDEX),
        ("", INDEX),
    ],
)
def test_back_leads_to_the_page_that_asked_to_confirm(next_page, before, browser):
    page = browser.get(WITH_PASSWORD, {"next": next_page}).text

    assert f'<a href="{before}" class="govuk-back-link"' in page
