"""Undoing each kind of decision: every row is as it was before, and no message leaves."""

import dataclasses
import datetime

import pytest
import time_machine
from django.utils import timezone

from bookings.scheduling.adjustments import ArrangedAdjustment
from bookings.scheduling.cancellation.actions import Cancellation, cancel_walk_of_booking
from bookings.scheduling.preferred_times.actions import decline_change_request
from bookings.scheduling.recurring_walks.actions import RecurringWalkOffer, offer_recurring_walk
from bookings.statuses import CancelReason, Need
from bookings.undo.actions import undo_decision
from outbox.models import Message
from outbox.sending.delivery import deliver_due
from outbox.statuses import State
from tests.support.decisions import cancel_now, change_now, decline_now, schedule_now
from tests.support.factories import (
    BookingFactory,
    OfficerFactory,
    RecurringWalkFactory,
    confirmed_adjustments,
    in_days,
)
from tests.support.offers import make_offers
from tests.support.shared_walks import join_walk, offer_place_on_walk
from tests.support.undo import all_rows
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


def make_recurring_offer(booking, inspector, team):
    walk = RecurringWalkFactory(bcu=inspector.bcu, officers=team)
    first = london.today() + datetime.timedelta(days=2)
    date = next(iter(walk.dates(first, first + datetime.timedelta(days=40))))
    offer = RecurringWalkOffer(recurring_walk=walk, date=date)
    offer_recurring_walk(booking, offer, by=inspector, version=booking.version)


@pytest.fixture
def decisions(request, inspector, team, plan, bcu):
    """Return each kind of decision as a function, by name, after making the rows that it needs."""
    value = request.getfixturevalue
    other_officer = OfficerFactory(bcu=bcu)

    def on(name, act):
        booking = value(name)
        return lambda: act(booking)

    def of_walk(walk, *, officers):
        moved = dataclasses.replace(plan, start_at=in_days(12), meeting_place="Nunhead station")
        arranged = {
            key: rows for booking in walk.bookings.all() for key, rows in confirmed_adjustments(booking).items()
        }
        return lambda: change_now(walk, inspector, plan=moved, officers=officers, arranged=arranged)

    def shared():
        joinable = value("joinable_booking")
        join_walk(value("waiting_booking"), joinable.walk, inspector)
        joinable.refresh_from_db()
        return joinable

    def place():
        joinable, waiting = value("joinable_booking"), value("waiting_booking")
        return lambda: offer_place_on_walk(waiting, joinable.walk, inspector)

    def cancel_one_of_two():
        booking = shared()
        return lambda: cancel_now(booking, inspector)

    def cancel_all(booking):
        cancellation = Cancellation(reason=CancelReason.ILLNESS, message="Sorry")
        return lambda: cancel_walk_of_booking(booking, cancellation, by=inspector, version=booking.version)

    def with_place_offer():
        joinable = value("joinable_booking")
        offer_place_on_walk(value("waiting_booking"), joinable.walk, inspector)
        return joinable

    def scheduled_with_needs():
        booking = BookingFactory(borough=value("southwark"), contact__needs=[Need.STEP_FREE])
        arranged = [ArrangedAdjustment(need=Need.STEP_FREE, how="The lift works", agreed_otherwise=False)]
        return lambda: schedule_now(booking, inspector, plan=plan, officers=team, arranged=arranged)

    def change_declined():
        booking = value("booking_with_new_times")
        return lambda: decline_change_request(booking, by=inspector, version=booking.version, message="Sorry")

    return {
        "schedule": lambda: on("booking", lambda booking: schedule_now(booking, inspector, plan=plan, officers=team)),
        "schedule with needs": scheduled_with_needs,
        "decline": lambda: on("booking", lambda booking: decline_now(booking, inspector, message="Sorry")),
        "offer times": lambda: on("booking", lambda booking: make_offers(booking, inspector, 8, 9)),
        "offer a place": place,
        "offer a recurring walk": lambda: on("booking", lambda booking: make_recurring_offer(booking, inspector, team)),
        "change the time": lambda: of_walk(value("booked").walk, officers=team),
        "change an officer": lambda: of_walk(value("booked").walk, officers=[team[0], other_officer]),
        "change a shared walk": lambda: of_walk(shared().walk, officers=[team[0], other_officer]),
        "change a walk with a place offered": lambda: of_walk(with_place_offer().walk, officers=team),
        "decline a change": change_declined,
        "cancel": lambda: on("booked", lambda booking: cancel_now(booking, inspector)),
        "cancel for one of two": cancel_one_of_two,
        "cancel for both": lambda: cancel_all(shared()),
        "cancel with a place offered": lambda: cancel_all(with_place_offer()),
    }


NAMES = [
    "schedule",
    "schedule with needs",
    "decline",
    "offer times",
    "offer a place",
    "offer a recurring walk",
    "change the time",
    "change an officer",
    "change a shared walk",
    "change a walk with a place offered",
    "decline a change",
    "cancel",
    "cancel for one of two",
    "cancel for both",
    "cancel with a place offered",
]


@pytest.mark.parametrize("name", NAMES)
def test_undo_puts_every_row_back_and_stops_the_messages(name, decisions, decided, inspector):
    act = decisions[name]()
    Message.objects.all().delete()
    decision, before = decided(act)
    held = list(Message.objects.all())
    changed = all_rows()

    undo_decision(decision, by=inspector)

    assert held
    assert {message.is_held for message in held} == {True}
    assert changed != before
    assert all_rows() == before
    assert set(Message.objects.values_list("state", flat=True)) == {State.UNDONE}
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1)):
        assert deliver_due(limit=10) == 0
