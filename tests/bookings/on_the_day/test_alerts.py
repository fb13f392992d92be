"""Urgent alerts: a walk that nobody has ended, and a place where someone must go."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.notices.acknowledgements import acknowledge_news, record_contact
from bookings.on_the_day.actions import end_walk
from bookings.on_the_day.jobs import send_on_the_day_alerts
from bookings.on_the_day.outcomes.actions import record_outcome
from bookings.statuses import EventKind, Status
from outbox.models import Message
from tests.support.factories import InspectorFactory, WalkFactory, scheduled_booking
from tests.support.spoken_with import IN_PERSON
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(southwark, team):
    """A booking whose one-hour walk should just have ended."""
    start_at = timezone.now() - datetime.timedelta(minutes=60)
    walk = WalkFactory(bcu=southwark.bcu, officers=team, start_at=start_at, status=WalkStatus.UNDER_WAY)
    return scheduled_booking(team, borough=southwark, walk=walk)


@pytest.fixture
def cancelled_booking(southwark, team):
    """A booking with a walk in an hour, which we have cancelled."""
    start_at = timezone.now() + datetime.timedelta(minutes=60)
    walk = WalkFactory(bcu=southwark.bcu, start_at=start_at, status=WalkStatus.CANCELLED)
    booking = scheduled_booking(team, borough=southwark, walk=walk)
    Booking.objects.filter(pk=booking.pk).update(status=Status.CANCELLED_BY_US, outcome_code="illness")
    return booking


def run_after(minutes, times=2):
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes)):
        for _ in range(times):
            send_on_the_day_alerts(timezone.now())
        return [message.kind for message in Message.objects.order_by("number")]


def queue_after(minutes, client, person):
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes)):
        client.force_login(person)
        return client.get(reverse("triage:today")).text


def test_end_overdue_alert_goes_after_30_and_45_minutes(booking):
    counts = {minutes: run_after(minutes).count("team_end_overdue") for minutes in (29, 31, 44, 46, 60, 600)}

    assert counts == {29: 0, 31: 1, 44: 1, 46: 2, 60: 2, 600: 2}


@pytest.mark.parametrize("status", [WalkStatus.UNDER_WAY, WalkStatus.SCHEDULED])
def test_overdue_walk_is_in_the_queue_until_an_outcome_is_recorded(status, client, booking, inspector):
    Walk.objects.update(status=status)
    early_queue, later_queue = queue_after(29, client, inspector), queue_after(31, client, inspector)

    record_outcome(booking, by=inspector, version=booking.version, outcome=Status.COMPLETED)

    assert "Nobody has said that it ended safely" not in early_queue
    assert "Nobody has said that it ended safely" in later_queue
    assert "020 7946 0101" in later_queue
    assert "Nobody has said that it ended safely" not in queue_after(31, client, inspector)
    assert run_after(31) == []


def test_ended_walk_sends_no_alert(booking, officer):
    end_walk(booking.walk, by=officer)

    assert run_after(46) == []


def test_alerts_about_a_restricted_walk_go_to_its_nominated_inspector(booking, cancelled_booking, camden):
    nominated_inspector = InspectorFactory(bcu=camden.bcu)
    Walk.objects.update(nominated_inspector=nominated_inspector)

    run_after(46)

    assert {message.recipient for message in Message.objects.all()} == {nominated_inspector.email}
    assert Message.objects.count() == 2


def test_attendance_alert_goes_once_half_an_hour_before_the_start(cancelled_booking):
    counts = {minutes: run_after(minutes).count("team_attendance_needed") for minutes in (29, 31, 60, 90)}

    assert counts == {29: 0, 31: 1, 60: 1, 90: 1}
    assert cancelled_booking.events.get().kind == EventKind.ATTENDANCE_NEEDED
    assert "by the flower stall" in Message.objects.get().text


def test_queue_shows_where_to_go_with_the_duty_number(client, cancelled_booking, inspector):
    early_queue, alert_queue, late_queue = (queue_after(minutes, client, inspector) for minutes in (29, 31, 121))

    queues = (early_queue, alert_queue, late_queue)
    assert ["Someone has to go there now" in text for text in queues] == [False, True, False]
    assert "by the flower stall" in alert_queue
    assert "020 7946 0101" in alert_queue


@pytest.mark.parametrize("how", ["seen", "reached"])
def test_attendance_alert_is_not_sent_once_the_requester_knows(how, client, cancelled_booking, inspector):
    cancelled_booking.refresh_from_db()
    if how == "seen":
        acknowledge_news(cancelled_booking, version=cancelled_booking.version)
    else:
        record_contact(cancelled_booking, IN_PERSON, by=inspector, version=cancelled_booking.version)

    assert run_after(31) == []
    assert "Someone has to go there now" not in queue_after(31, client, inspector)


def test_alerts_are_hidden_from_another_bcu(client, booking, cancelled_booking, stranger):
    text = queue_after(46, client, stranger)

    assert "Nobody has said" not in text
    assert "Someone has to go" not in text
