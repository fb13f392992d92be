"""A link works once, its token is nowhere but in its message, and only a press uses it up."""

import logging

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import PasswordLink
from accounts.new_passwords.actions import LinkEnded, choose_password
from accounts.password_tries.lanes import KNOWN, THREADS
from accounts.sessions.ending import end_access
from boroughs.models.officers import Officer
from outbox.sending.delivery import build_email
from tests.support.concurrency import run_concurrently
from tests.support.lock_waits import press_while_locked
from tests.support.password_links import CHOOSE, CHOSEN, choose, messages_to, send_invitation, send_reset
from walkandtalk.lib import tokens
from walkandtalk.lib.monitoring.masking import HidePersonalDetails


@pytest.fixture
def link(officer, db):
    return send_reset(officer)


def token_of(link):
    return link.split("/")[-2]


def test_mail_scanner_that_follows_the_link_does_not_use_it_up(client, link):
    for _ in range(3):
        scanner = Client()
        assert [scanner.get(link, follow=True).status_code, scanner.head(link).status_code] == [200, 302]

    client.get(link)

    assert choose(client).status_code == 302


def test_link_is_used_once(client, officer, link):
    second = Client()
    for browser in (client, second):
        browser.get(link)
    choose(client)

    late = [choose(second, "another three words"), second.get(CHOOSE), Client().get(link)]

    assert [page.status_code for page in late] == [404, 404, 404]
    assert all("This link doesn’t work any more" in page.text for page in late)
    officer.refresh_from_db()
    assert officer.check_password(CHOSEN)
    assert not PasswordLink.objects.exists()


@pytest.mark.parametrize("path", ["/staff/password-link/unknown/", f"/staff/password-link/{'x' * 43}/", CHOOSE])
@pytest.mark.django_db
def test_unknown_link_says_what_to_do(path, client):
    page = client.get(path)

    assert page.status_code == 404
    assert 'href="/staff/forgotten-password/"' in page.text
    assert client.post(CHOOSE, {"new_password1": CHOSEN, "new_password2": CHOSEN}).status_code == 404


def test_token_is_in_no_address_row_session_or_log(client, link, caplog):
    token = token_of(link)
    with caplog.at_level(logging.DEBUG):
        redirected = client.get(link)
        page = client.get(redirected.url)
        Client().get(f"{link}wrong/")

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM accounts_passwordlink t")
        (rows,) = cursor.fetchone()
    records = [logging.LogRecord(r.name, r.levelno, "", 0, r.getMessage(), (), None) for r in caplog.records]
    logged = [record.getMessage() for record in records if HidePersonalDetails().filter(record)]
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert redirected.url == CHOOSE
    assert token not in page.text
    assert token not in rows
    assert tokens.token_hash(token) not in rows
    assert "password_link" in sessions[0]
    assert token not in str(sessions)
    assert any("Not Found: " in line for line in logged)
    assert [line for line in logged if token in line] == []
    assert redirected["Referrer-Policy"] == "same-origin"


def test_session_planted_before_the_link_is_opened_opens_nothing(client, link):
    session, planted = SessionStore(), Client()
    session["planted"] = True
    session.save()
    for browser in (client, planted):
        browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    client.get(link)

    assert [browser.get(CHOOSE).status_code for browser in (client, planted)] == [200, 404]


@pytest.mark.parametrize("what", ["access", "address", "account"])
def test_link_ends_with_the_access_the_address_and_the_account(what, client, officer, link):
    client.get(link)
    match what:
        case "access":
            end_access(officer)
        case "address":
            Officer.objects.filter(pk=officer.pk).update(email="other@example.com")
        case "account":
            Officer.objects.filter(pk=officer.pk).update(is_active=False)

    assert (client.get(link).status_code, choose(client).status_code) == (404, 404)


def test_password_chosen_elsewhere_ends_an_invitation_too(client, officer, administrator):
    invitation, reset = send_invitation(officer, by=administrator), send_reset(officer)
    client.get(reset)

    choose(client)

    assert client.get(invitation).status_code == 404


def test_full_lane_keeps_the_link(client, link):
    client.get(link)
    held = [KNOWN.hold_thread(f"holder {number}") for number in range(THREADS)]
    for thread in held:
        thread.__enter__()

    busy = choose(client)

    for thread in held:
        thread.__exit__(None, None, None)
    assert (busy.status_code, choose(client).status_code) == (503, 302)


def test_message_with_a_link_names_nobody_in_its_subject(officer, link):
    (message,) = messages_to(officer)

    email = build_email(message)
    assert officer.name not in email.subject
    assert token_of(link) not in str(email.message()["Subject"])


def find_link(officer):
    return PasswordLink.objects.find(tokens.token_hmac(token_of(send_reset(officer))), now=timezone.now())


def press(link, hashed):
    try:
        choose_password(link, hashed)
    except LinkEnded:
        return "ended"
    finally:
        connection.close()
    return hashed


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_wins(officer):
    link = find_link(officer)

    answers = run_concurrently(lambda: press(link, "hash one"), lambda: press(link, "hash two"))

    officer.refresh_from_db()
    assert sorted(answers) == sorted(["ended", officer.password])
    assert [message.kind for message in messages_to(officer)].count("account_password_set") == 1


@pytest.mark.django_db(transaction=True)
def test_press_that_waits_while_the_account_is_closed_is_refused(officer):
    link = find_link(officer)
    rows = Officer.objects.select_for_update(no_key=True).filter(pk=officer.pk)

    answer = press_while_locked(
        lambda: press(link, "a hash"), lock=lambda: list(rows), act=lambda: rows.update(is_active=False)
    )

    officer.refresh_from_db()
    assert (answer, officer.password == "a hash") == ("ended", False)
