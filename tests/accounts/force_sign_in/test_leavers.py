"""Someone whom the force no longer lets in: their account is closed at once, and what was theirs is handed on."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.force_sign_in.actions import LEAVERS
from accounts.models import REFUSED_BY_FORCE, SecurityEvent, UnfinishedClosure
from accounts.models import SecurityEventKind as Kind
from administration.account_closure.jobs import finish_closures
from audit.alerts.findings import findings
from audit.security.words import SecurityLine
from bookings.models.claims import Claim
from bookings.notices.threads import team_booking_thread
from bookings.triage.escalation import send_answer_due_alert
from outbox.models import Message
from outbox.statuses import State
from tests.support.factories import BookingFactory, ClaimFactory, OfficerFactory, in_days, scheduled_booking
from tests.support.force_provider import CALLBACK, ask_provider, sentences, sign_in_with_force
from walks.feeds.actions import create_feed

pytestmark = pytest.mark.django_db


def connect(person, provider):
    oid = f"oid-{person.pk}"
    SocialAccount.objects.create(user=person, provider=provider.issuer, uid=oid)
    provider.set_person(oid)
    return oid


def leave(client, provider, person, oid, **claims):
    provider.set_person(oid, **{"roles": ["AnotherApp"]} | claims)
    response = sign_in_with_force(client, provider, oid)
    person.refresh_from_db()
    return response


@pytest.mark.parametrize("roles", [None, [], ["AnotherApp"]])
def test_leaver_is_refused_and_everything_of_theirs_ends_at_once(roles, client, provider, officer):
    oid, open_page = connect(officer, provider), Client()
    sign_in_with_force(open_page, provider, oid)
    feed = reverse("calendar-feed", args=[create_feed(officer)])
    before = open_page.get("/staff/walks/").status_code, Client().get(feed).status_code

    response = leave(client, provider, officer, oid, roles=roles)

    event = SecurityEvent.objects.get(kind=Kind.DEACTIVATED)
    assert "don’t use this service any more" in sentences(response)
    assert before == (200, 200)
    assert (open_page.get("/staff/walks/").status_code, Client().get(feed).status_code) == (302, 404)
    assert not officer.is_active
    assert (event.officer, event.subject, event.change) == (None, officer, REFUSED_BY_FORCE)
    assert SecurityLine(event).person == "The force’s own sign-in"


def test_nothing_of_theirs_lives_again_if_they_come_back(client, provider, officer):
    oid, open_page = connect(officer, provider), Client()
    sign_in_with_force(open_page, provider, oid)
    feed = reverse("calendar-feed", args=[create_feed(officer)])

    leave(client, provider, officer, oid)
    officer.is_active = True
    officer.save()

    assert (open_page.get("/staff/walks/").status_code, Client().get(feed).status_code) == (302, 404)
    provider.set_person(oid)
    sign_in_with_force(client, provider, oid)
    assert client.get("/staff/walks/").status_code == 200


def test_what_they_leave_is_handed_on_by_the_job(client, provider, southwark, team, bcu):
    officer = team[0]
    walk = scheduled_booking(team, borough=southwark).walk
    claim = ClaimFactory(officer=officer, booking=BookingFactory(borough=southwark))
    leave(client, provider, officer, connect(officer, provider))

    finish_closures(timezone.now())
    finish_closures(timezone.now())

    assert officer not in walk.live_officers()
    assert not Claim.objects.filter(booking=claim.booking).exists()
    assert [message.recipient for message in Message.objects.filter(kind="team_colleague_left")] == [bcu.inbox]
    assert not UnfinishedClosure.objects.exists()


def test_messages_about_restricted_bookings_that_have_not_left_are_stopped(client, provider, southwark, stranger):
    booking = BookingFactory(borough=southwark, nominated_inspector=stranger)
    send_answer_due_alert(booking, now=in_days(30))
    leave(client, provider, stranger, connect(stranger, provider))

    finish_closures(timezone.now())

    stopped = Message.objects.filter(state=State.SUPERSEDED)
    assert [message.thread for message in stopped] == [team_booking_thread(booking)]


def test_nothing_is_handed_on_if_an_administrator_lets_them_in_again_first(client, provider, southwark, team):
    officer = team[0]
    walk = scheduled_booking(team, borough=southwark).walk
    leave(client, provider, officer, connect(officer, provider))
    officer.is_active = True
    officer.save()

    finish_closures(timezone.now())

    assert officer in walk.live_officers()
    assert not UnfinishedClosure.objects.exists()


def test_leaver_who_is_let_in_again_and_refused_again_is_handed_on_once(client, provider, officer):
    oid = connect(officer, provider)
    for _time in range(2):
        officer.is_active = True
        officer.save()
        leave(client, provider, officer, oid)

    closure = UnfinishedClosure.objects.get()
    assert closure.event == SecurityEvent.objects.filter(kind=Kind.DEACTIVATED).latest("at")
    assert not officer.is_active


def test_no_more_accounts_are_closed_when_the_provider_refuses_everyone(client, provider, bcu):
    people = [OfficerFactory(bcu=bcu) for _person in range(LEAVERS.limit + 2)]

    for person in people:
        leave(client, provider, person, connect(person, provider))

    assert [person.is_active for person in people] == [False] * LEAVERS.limit + [True, True]
    assert client.get("/staff/walks/").status_code == 302
    held = [finding for finding in findings(timezone.now()) if finding.what == Kind.LEAVERS_HELD.label]
    assert len(held) == 1  # the auditor is told once


@pytest.mark.parametrize("why", ["access_denied", "AADSTS50057", "AADSTS50105"])
def test_error_in_the_address_closes_no_account(why, client, provider, inspector, oid):
    """It isn't signed, and so says nothing of anyone: a person could write it into their own browser's address."""
    state = ask_provider(client).partition("state=")[2].partition("&")[0]

    response = client.get(CALLBACK, {"error": why, "error_description": why, "state": state, "login_hint": oid})

    inspector.refresh_from_db()
    assert "didn’t let you in" in sentences(response)
    assert inspector.is_active
