"""Scheduling a booking and changing its walk: what the actions save, refuse and send."""

import dataclasses
import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models.bookings import Booking
from bookings.notices import threads
from bookings.scheduling.schedule.actions import Schedule, schedule_booking
from bookings.statuses import EventKind, Status
from outbox.models import Message
from tests.support.decisions import change_now, schedule_now
from tests.support.factories import (
    BookingFactory,
    InspectorFactory,
    OfficerFactory,
    confirmed_adjustments,
    in_days,
    scheduled_booking,
)
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.locks import OfficerNotAvailable
from walks.models.walks import Assignment, Walk
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db

OTHER_THAN_WAITING = sorted(set(Status) - {Status.WAITING, Status.OFFERED, Status.SCHEDULED, Status.COMPLETED})


def schedule(booking, *, by, plan, officers):
    return schedule_now(booking, by, plan=plan, officers=officers)


def message_kinds_to(thread_start):
    return [message.kind for message in Message.objects.order_by("number") if message.thread.startswith(thread_start)]


def test_schedule_booking_creates_a_walk_with_two_officers(booking, inspector, team, plan):
    walk = schedule(booking, by=inspector, plan=plan, officers=team)

    booking.refresh_from_db()
    assert (booking.status, booking.walk) == (Status.SCHEDULED, walk)
    assert booking.answered_at is not None
    assert booking.walk_needed_at == plan.start_at
    assert walk.live_officers() == team
    assert (walk.start_at, walk.minutes, walk.meeting_place) == (plan.start_at, 60, plan.meeting_place)
    assert [event.kind for event in booking.events.all()] == [EventKind.SCHEDULED]


def test_schedule_booking_sends_one_message_to_the_requester_and_each_officer(booking, inspector, team, plan):
    schedule(booking, by=inspector, plan=plan, officers=team)

    assert len(message_kinds_to("requester:")) == 1
    assert len(message_kinds_to("officer:")) == 2


@pytest.mark.parametrize("status", OTHER_THAN_WAITING)
def test_schedule_booking_refused_once_it_has_moved_on(status, southwark, inspector, team, plan):
    booking = BookingFactory(borough=southwark, status=status)

    with pytest.raises(TransitionNotAllowed):
        schedule(booking, by=inspector, plan=plan, officers=team)

    booking.refresh_from_db()
    assert booking.status == status
    assert not booking.events.exists()
    assert not Walk.objects.exists()


def test_schedule_booking_refused_to_an_inspector_of_another_bcu(booking, stranger, team, plan):
    with pytest.raises(PermissionDenied):
        schedule(booking, by=stranger, plan=plan, officers=team)

    assert not Assignment.objects.exists()


def test_schedule_booking_refused_for_an_older_version(booking, inspector, team, plan):
    with pytest.raises(TransitionNotAllowed, match="Someone has changed this"):
        schedule_booking(booking, Schedule(plan=plan, officers=team), by=inspector, version=booking.version - 1)


def test_schedule_booking_refused_before_confirmation(southwark, inspector, team, plan):
    booking = BookingFactory(borough=southwark, confirmed_at=None)

    with pytest.raises(ActionError, match="hasn’t confirmed"):
        schedule(booking, by=inspector, plan=plan, officers=team)


def test_schedule_booking_needs_the_minimum_number_of_officers(booking, inspector, officer, plan):
    with pytest.raises(ActionError, match="at least 2 officers"):
        schedule(booking, by=inspector, plan=plan, officers=[officer])


@pytest.mark.parametrize("change", [{"leads_walks": False}, {"is_active": False}])
def test_schedule_booking_accepts_only_officers_who_lead_walks_here(booking, inspector, officer, bcu, plan, change):
    other_officer = OfficerFactory(bcu=bcu, **change)

    with pytest.raises(ActionError, match="is not available"):
        schedule(booking, by=inspector, plan=plan, officers=[officer, other_officer])


def test_schedule_booking_refuses_an_officer_on_another_walk(booking, southwark, inspector, team, plan):
    schedule(BookingFactory(borough=southwark), by=inspector, plan=plan, officers=team)
    half_an_hour_later = dataclasses.replace(plan, start_at=plan.start_at + datetime.timedelta(minutes=30))

    with pytest.raises(OfficerNotAvailable, match="has just been given another walk"):
        schedule(booking, by=inspector, plan=half_an_hour_later, officers=team)

    booking.refresh_from_db()
    assert booking.status == Status.WAITING
    assert len(message_kinds_to("requester:")) == 1


def test_schedule_booking_fails_without_locking_officers_already_assigned(booking, southwark, inspector, team, plan):
    schedule(BookingFactory(borough=southwark), by=inspector, plan=plan, officers=team)

    with CaptureQueriesContext(connection) as asked, pytest.raises(OfficerNotAvailable):
        schedule(booking, by=inspector, plan=plan, officers=team)

    assert not [query["sql"] for query in asked if "FOR NO KEY UPDATE" in query["sql"]]


def test_schedule_booking_names_the_colleague_who_has_just_scheduled_it(booking, bcu, inspector, team, plan):
    outdated = Booking.objects.get(pk=booking.pk)
    schedule(booking, by=InspectorFactory(bcu=bcu, name="Connie Colleague"), plan=plan, officers=team)

    with pytest.raises(TransitionNotAllowed, match="“Walk scheduled” by Inspector Connie Colleague"):
        schedule(outdated, by=inspector, plan=plan, officers=team)


def test_schedule_booking_allows_back_to_back_walks_with_the_gap_between(booking, southwark, inspector, team, plan):
    schedule(BookingFactory(borough=southwark), by=inspector, plan=plan, officers=team)
    after_the_gap = dataclasses.replace(plan, start_at=plan.start_at + datetime.timedelta(minutes=60 + 30))

    schedule(booking, by=inspector, plan=after_the_gap, officers=team)

    assert Assignment.objects.filter(is_live=True).count() == 4


def test_change_walk_sends_the_card_with_a_new_phrase_if_officers_changed(inspector, team, bcu, plan):
    booking = scheduled_booking(team)
    walk, old_phrase = booking.walk, booking.walk.officers_phrase
    third = OfficerFactory(bcu=bcu, name="Third Officer")

    change_now(walk, inspector, plan=plan, officers=[team[0], third], arranged=confirmed_adjustments(booking))

    walk = Walk.objects.get()
    booking.refresh_from_db()
    assert walk.live_officers() == [team[0], third]
    assert walk.officers_phrase != old_phrase
    assert (walk.version, booking.contact.calendar_sequence) == (2, 1)
    message = Message.objects.in_thread(threads.requester_thread(booking)).get()
    assert "The officers and the phrase have changed." in message.text
    assert walk.officers_phrase in message.text
    assert old_phrase not in message.text


def test_change_walk_keeps_the_phrase_if_only_the_time_changed(inspector, team, plan):
    booking = scheduled_booking(team)
    later = dataclasses.replace(plan, start_at=in_days(11))

    change_now(booking.walk, inspector, plan=later, officers=team, arranged=confirmed_adjustments(booking))

    walk = Walk.objects.get()
    assert walk.officers_phrase == "green lantern"
    assert {assignment.period for assignment in walk.assignments.all()} == {walk.period()}


def test_change_walk_without_changes_sends_nothing(inspector, team):
    walk = scheduled_booking(team).walk
    same = WalkDetails(
        start_at=walk.start_at,
        minutes=walk.minutes,
        meeting_place=walk.meeting_place,
        finish_place=walk.finish_place,
        duty_number=walk.duty_number,
    )

    change_now(walk, inspector, plan=same, officers=team)

    assert not Message.objects.exists()
    assert Walk.objects.get().version == 1
