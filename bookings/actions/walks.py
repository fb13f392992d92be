"""Officers walk."""

from django.db import transaction
from django.utils import timezone

from bookings import emails
from bookings.actions.moves import (
    lock_bookings_of,
    lock_officers,
    lock_walk,
    move_booking,
    move_walk,
    record,
    require,
)
from bookings.models import Booking, ReadLog, Walk
from bookings.permissions import can_walk
from bookings.statuses import EventKind, Status, WalkStatus
from boroughs.models import Officer


@transaction.atomic
def start_walk(walk: Walk, *, by: Officer) -> None:
    lock_walk(walk)
    require(can_walk(by, walk.live_officers()))
    walk.started_at = timezone.now()
    move_walk(walk, WalkStatus.UNDER_WAY, kind=EventKind.STARTED, by=by)


@transaction.atomic
def end_walk(walk: Walk, *, by: Officer) -> None:
    """Everybody is where she meant to get to."""
    lock_walk(walk)
    bookings = lock_bookings_of(walk)
    require(can_walk(by, walk.live_officers()))
    walk.ended_at = timezone.now()
    move_walk(walk, WalkStatus.COMPLETED, kind=EventKind.ENDED, by=by)
    for booking in bookings:
        move_booking(booking, Status.COMPLETED, kind=EventKind.ENDED, by=by)


@transaction.atomic
def leave_walk(walk: Walk, *, by: Officer) -> None:
    """This officer cannot make it. Her place is free at once, and the team is told to find somebody."""
    lock_officers([by])
    lock_walk(walk)
    require(can_walk(by, walk.live_officers()))
    require(walk.status == WalkStatus.SCHEDULED)
    walk.assignments.filter(officer=by, is_live=True).update(is_live=False, left_reason="cannot_make_it")
    event = record(EventKind.OFFICER_LEFT, walk=walk, by=by)
    emails.team_officer_left(walk, by, event)


@transaction.atomic
def read_phone(booking: Booking, *, by: Officer) -> str:
    """Her number, and a line that says who looked at it."""
    ReadLog.objects.create(officer=by, booking=booking, field="phone")
    return booking.contact.phone
