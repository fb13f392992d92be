"""Cancelling a booking: the form, the action and the messages."""

import pytest
from django.utils import timezone

from bookings.notices import threads
from bookings.on_the_day.actions import start_walk
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.statuses import CancelReason, Status
from outbox.models import Message
from tests.support.decisions import cancel_now
from tests.support.factories import WalkFactory, scheduled_booking
from tests.support.staff_addresses import staff_address
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.models.walks import Assignment, Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


def walk_now(team):
    return WalkFactory(bcu=team[0].bcu, officers=team, start_at=timezone.now())


def message_kinds_to(thread_start):
    return [message.kind for message in Message.objects.order_by("number") if message.thread.startswith(thread_start)]


def test_cancel_page_tells_the_requester_and_frees_the_officers(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)

    as_inspector.post(staff_address("scheduling:cancel", booking), {"reason": "illness", "version": booking.version})

    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED_BY_US
    assert booking.walk.live_officers() == []
    assert "an officer is unwell" in Message.objects.get(kind__contains="cancelled_by_us").text


def test_cancel_page_warns_and_changes_nothing(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)

    response = as_inspector.get(staff_address("scheduling:cancel", booking))

    booking.refresh_from_db()
    assert "She must know before she sets off" in response.text
    assert booking.status == Status.SCHEDULED


def test_cancel_page_is_closed_once_the_walk_is_under_way(as_inspector, southwark, team):
    booking = scheduled_booking(team, borough=southwark)
    Walk.objects.update(status=WalkStatus.UNDER_WAY)

    assert as_inspector.get(staff_address("scheduling:cancel", booking)).status_code == 302


def test_cancel_booking_by_requester_frees_the_officers_and_tells_them(team):
    booking = scheduled_booking(team)

    cancel_booking_by_requester(booking)

    booking.refresh_from_db()
    assert (booking.status, booking.walk.status) == (Status.CANCELLED_BY_REQUESTER, WalkStatus.CANCELLED)
    assert not Assignment.objects.filter(is_live=True).exists()
    assert len(message_kinds_to("officer:")) == 2
    assert len(message_kinds_to("requester:")) == 1


def test_cancel_booking_by_us_tells_the_requester_not_to_go(inspector, team):
    booking = scheduled_booking(team)

    cancel_now(booking, inspector, reason=CancelReason.CALLED_AWAY)

    message = Message.objects.in_thread(threads.requester_thread(booking)).get()
    assert message.subject.startswith("Cancelled:")
    assert "Please do not go to" in message.text
    assert "the officers were called to other duties" in message.text


def test_cancel_refused_once_the_walk_has_started(inspector, team):
    booking = scheduled_booking(team, walk=walk_now(team))
    start_walk(booking.walk, by=team[0])

    with pytest.raises(TransitionNotAllowed, match="has started"):
        cancel_now(booking, inspector, reason=CancelReason.OTHER)
    with pytest.raises(TransitionNotAllowed, match="has started"):
        cancel_booking_by_requester(booking)


def test_cancel_leaves_the_others_on_a_shared_walk(inspector, team):
    booking = scheduled_booking(team)
    another = scheduled_booking(team, walk=booking.walk)

    cancel_booking_by_requester(booking)

    another.refresh_from_db()
    assert (another.status, another.walk.status) == (Status.SCHEDULED, WalkStatus.SCHEDULED)
    assert another.walk.live_officers() == team
