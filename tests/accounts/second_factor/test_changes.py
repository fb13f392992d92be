"""A change to someone’s second factors: its line, its message, and what it ends, all or nothing."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.second_factor import actions
from accounts.sessions.ending import end_access
from outbox.models import Message
from tests.support.second_factors import add_app, add_factors, add_passkey, code_of, key_on, recovery_codes_of
from tests.support.soft_passkey import SoftPasskey
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.feeds.actions import create_feed

pytestmark = pytest.mark.django_db

INDEX = "/staff/second-factor/"
CODES = f"{INDEX}recovery-codes/"
SECOND_STEP = "/staff/sign-in/second-step/"


@pytest.fixture
def browser(officer):
    """A browser in which the officer has just signed in."""
    client = Client()
    client.force_login(officer)
    client.get(INDEX)
    return client


@pytest.fixture
def elsewhere(officer):
    client = Client()
    client.force_login(officer)
    return client


def opens(client):
    return client.get("/staff/walks/").status_code == 200


def lines():
    return [(line.kind, line.change) for line in SecurityEvent.objects.order_by("pk")]


def kinds_sent():
    return [message.kind for message in Message.objects.order_by("created_at")]


def add(browser, officer, ask):
    page = f"{INDEX}passkeys/new/"
    browser.post(page, {"name": "Phone", "credential": SoftPasskey().create(ask(browser, page, name="Phone"))})


def remove_passkey(browser, officer, ask):
    browser.post(f"{INDEX}passkeys/{add_passkey(officer)[0].pk}/remove/")


def remove_app(browser, officer, ask):
    add_app(officer)
    browser.post(f"{INDEX}app/remove/")


def make_codes(browser, officer, ask):
    add_app(officer)
    browser.post(f"{CODES}new/")


@pytest.mark.parametrize(
    ("change", "expected", "message"),
    [
        (add, [(Kind.RECOVERY_CODES_MADE, ""), (Kind.FACTOR_ADDED, "webauthn")], "account_factor_added"),
        (remove_passkey, [(Kind.FACTOR_REMOVED, "webauthn")], "account_factor_removed"),
        (remove_app, [(Kind.FACTOR_REMOVED, "totp")], "account_factor_removed"),
        (make_codes, [(Kind.RECOVERY_CODES_MADE, "")], "account_recovery_codes_made"),
    ],
)
def test_change_ends_other_sessions_and_feeds_and_is_announced(
    change, expected, message, browser, elsewhere, officer, ask
):
    feed = f"/feed/{create_feed(officer)}.ics"
    key = browser.session.session_key
    Message.objects.all().delete()
    assert opens(elsewhere)

    change(browser, officer, ask)

    assert lines() == [(Kind.FEED_MADE, ""), *expected]
    assert kinds_sent() == [message]
    assert Message.objects.get().recipient == officer.email
    assert (opens(browser), opens(elsewhere), Client().get(feed).status_code) == (True, False, 404)
    assert browser.session.session_key != key


def test_change_is_all_or_nothing(officer, monkeypatch):
    """A message that can't be queued takes the change back."""
    type(officer).objects.filter(pk=officer.pk).update(email="no address")

    with pytest.raises(Exception, match="valid email"):
        actions.add_passkey(officer, name="Phone", credential={})

    assert not Authenticator.objects.filter(user=officer).exists()
    assert lines() == []


@pytest.mark.parametrize(("ends", "error"), [("access", TransitionNotAllowed), ("account", PermissionDenied)])
def test_session_that_has_ended_changes_nothing(ends, error, officer):
    stale = type(officer).objects.get(pk=officer.pk)
    if ends == "access":
        end_access(officer)
    else:
        type(officer).objects.update(is_active=False)

    with pytest.raises(error):
        actions.add_passkey(stale, name="Phone", credential={})

    assert not Authenticator.objects.filter(user=officer).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("page", "status"), [("app/new/", 422), ("app/remove/", 409), ("passkeys/new/", 422), ("recovery-codes/new/", 409)]
)
def test_second_of_two_presses_at_once_is_refused_with_a_sentence(page, status, browser, officer, ask):
    """The first press has ended the access of all sessions when the second gets the lock."""
    if page == "passkeys/new/":
        data = {"name": "Phone", "credential": SoftPasskey().create(ask(browser, INDEX + page, name="Phone"))}
    elif page == "app/new/":
        data = {"code": code_of(key_on(browser.get(INDEX + page)))}
    else:
        add_app(officer)
        data = {}

    def end_first(execute, sql, *args):
        if "FOR NO KEY UPDATE" in sql and "boroughs_officer" in sql:
            type(officer).objects.filter(pk=officer.pk).update(access_version=officer.access_version + 1)
        return execute(sql, *args)

    with connection.execute_wrapper(end_first):
        response = browser.post(INDEX + page, data)

    assert response.status_code == status
    assert "It changed just before you pressed." in response.text
    assert lines() == []


def test_last_factor_stays_where_one_is_required(browser, officer, settings):
    app = add_app(officer)[0]
    end_nothing = browser.get(f"{INDEX}app/remove/")
    settings.REQUIRE_SECOND_FACTOR = True
    session = browser.session
    session["has_second_factor"] = True
    session.save()

    refused = browser.post(f"{INDEX}app/remove/")

    assert end_nothing.status_code == 200
    assert refused.status_code == 409
    assert "this is your last one" in refused.text
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_recovery_codes_go_with_the_last_factor(browser, officer):
    passkey, _app = add_factors(officer)

    browser.post(f"{INDEX}app/remove/")
    left = set(Authenticator.objects.filter(user=officer).values_list("type", flat=True))
    browser.post(f"{INDEX}passkeys/{passkey.pk}/remove/")

    assert left == {"webauthn", "recovery_codes"}
    assert not Authenticator.objects.filter(user=officer).exists()


def test_passkeys_of_others_are_unknown(browser, inspector):
    theirs, _ = add_passkey(inspector)

    answers = {
        getattr(browser, method)(f"{INDEX}passkeys/{theirs.pk}/{page}/").status_code
        for method in ("get", "post")
        for page in ("name", "remove")
    }

    assert answers == {404}
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


def test_rename_keeps_sessions_and_writes_no_line(browser, elsewhere, officer):
    passkey, _ = add_passkey(officer)

    browser.post(f"{INDEX}passkeys/{passkey.pk}/name/", {"name": "Old phone"})

    passkey.refresh_from_db()
    assert (str(passkey), lines(), opens(elsewhere)) == ("Old phone", [], True)


# --- Recovery codes


def test_new_codes_are_shown_until_they_are_saved_and_only_where_they_were_made(browser, officer, ask):
    add(browser, officer, ask)
    first = recovery_codes_of(officer)[0]
    shown = f"{first[:4]} {first[4:]}"
    elsewhere = Client()
    elsewhere.force_login(type(officer).objects.get(pk=officer.pk))

    pages = [browser.get(CODES).text, browser.get(CODES).text]
    other = elsewhere.get(CODES)
    browser.post(CODES)

    assert all(shown in page for page in pages)
    assert other["Location"] == INDEX
    assert browser.get(CODES)["Location"] == INDEX


def test_unsaved_codes_are_a_link_away(browser, officer, ask):
    """Their page is not seen after two presses at once."""
    add(browser, officer, ask)

    before = browser.get(INDEX).text
    browser.post(CODES)
    after = browser.get(INDEX).text

    assert [f'href="{CODES}"' in page for page in (before, after)] == [True, False]


def test_recovery_code_signs_in_once_and_is_announced(officer, enter_password):
    add_app(officer)
    code, *others = recovery_codes_of(officer)

    browser, again = enter_password(officer)[0], enter_password(officer)[0]
    browser.post(SECOND_STEP, {"code": f"{code[:4]} {code[4:]}"})
    again.post(SECOND_STEP, {"code": code})

    assert (opens(browser), opens(again)) == (True, False)
    assert recovery_codes_of(officer) == others
    used, _signed_in, failed = SecurityEvent.objects.order_by("pk")
    assert [used.kind, failed.kind] == [Kind.RECOVERY_CODE_USED, Kind.SIGN_IN_FAILED]
    message = Message.objects.get()
    assert (message.kind, message.recipient) == ("account_recovery_code_used", officer.email)
    assert "Codes you have left: 9" in message.text


def test_app_code_is_not_announced(officer, enter_password):
    secret = add_app(officer)[1]

    enter_password(officer)[0].post(SECOND_STEP, {"code": code_of(secret)})

    assert not Message.objects.exists()


def test_new_codes_make_the_old_ones_useless(browser, officer, enter_password):
    make_codes(browser, officer, None)
    old = recovery_codes_of(officer)[0]
    browser.post(f"{CODES}new/")

    elsewhere, _ = enter_password(officer)
    elsewhere.post(SECOND_STEP, {"code": old})

    assert old not in recovery_codes_of(officer)
    assert not opens(elsewhere)


def test_recovery_code_that_confirms_is_announced(browser, officer):
    add_app(officer)

    browser.post("/staff/confirm/code/", {"code": recovery_codes_of(officer)[0]})

    assert kinds_sent() == ["account_recovery_code_used"]
