"""Starting, ending and leaving a walk."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings.notices import threads
from bookings.on_the_day.actions import end_walk, start_walk
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.statuses import Status
from outbox.models import Message
from tests.support.factories import OfficerFactory, WalkFactory, scheduled_booking
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.models.walks import Walk
from walks.statuses import WalkStatus

pytestmark = pytest.mark.django_db


def walk_now(team):
    return WalkFactory(bcu=team[0].bcu, officers=team, start_at=timezone.now())


def message_kinds_to(thread_start):
    return [message.kind for message in Message.objects.order_by("number") if message.thread.startswith(thread_start)]


def test_withdraw_from_walk_frees_the_officer_and_tells_the_team(officer, second_officer, bcu):
    walk = scheduled_booking([officer, second_officer]).walk

    withdraw_from_walk(walk, by=officer)

    assert Walk.objects.get().live_officers() == [second_officer]
    assert Message.objects.get().recipient == bcu.inbox


def test_start_and_end_walk_complete_the_booking(officer, second_officer):
    team = [officer, second_officer]
    booking = scheduled_booking(team, walk=walk_now(team))

    start_walk(booking.walk, by=officer)
    end_walk(booking.walk, by=second_officer)

    booking.refresh_from_db()
    assert (booking.status, booking.walk.status) == (Status.COMPLETED, WalkStatus.COMPLETED)
    assert booking.walk.started_at <= booking.walk.ended_at <= timezone.now()


@pytest.mark.parametrize("action", [start_walk, end_walk, withdraw_from_walk])
def test_walk_buttons_refused_to_other_officers(action, officer, second_officer, bcu):
    walk = scheduled_booking([officer, second_officer]).walk
    other_officer = OfficerFactory(bcu=bcu)

    with pytest.raises(PermissionDenied):
        action(walk, by=other_officer)


def test_start_walk_refused_more_than_an_hour_before(officer, second_officer):
    walk = scheduled_booking([officer, second_officer]).walk

    with pytest.raises(ActionError, match="earlier than an hour"):
        start_walk(walk, by=officer)


def test_withdraw_from_walk_sends_the_card_again_if_enough_officers_are_left(officer, second_officer, bcu):
    team = [officer, second_officer, OfficerFactory(bcu=bcu, name="Third Officer")]
    booking = scheduled_booking(team)
    old_phrase = booking.walk.officers_phrase

    withdraw_from_walk(booking.walk, by=officer)

    message = Message.objects.in_thread(threads.requester_thread(booking)).get()
    assert officer.name not in message.text
    assert old_phrase not in message.text
    assert len(message_kinds_to("officer:")) == 2


def test_end_walk_refused_before_the_start(officer, second_officer):
    walk = scheduled_booking([officer, second_officer]).walk

    with pytest.raises(TransitionNotAllowed):
        end_walk(walk, by=officer)
