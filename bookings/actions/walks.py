"""Officers walk."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from bookings.actions.leaving import take_off
from bookings.actions.moves import (
    BookingError,
    MoveNotAllowed,
    lock_bookings_of,
    lock_officers,
    lock_walk,
    move_booking,
    move_walk,
    require,
)
from bookings.models import CANNOT_MAKE_IT, Booking, ReadLog, Walk, women_shown_to
from bookings.permissions import can_decide, can_read_details, can_walk
from bookings.statuses import EventKind, Status, WalkStatus
from boroughs.models import Officer


@transaction.atomic
def start_walk(walk: Walk, *, by: Officer) -> None:
    """Both officers may press it: the second press finds it done."""
    lock_walk(walk)
    require(can_walk(by, walk.live_officers()))
    if walk.status == WalkStatus.UNDER_WAY:
        return
    if not walk.may_start(timezone.now()):
        raise BookingError("The walk cannot start earlier than an hour before its time.")
    walk.started_at = timezone.now()
    move_walk(walk, WalkStatus.UNDER_WAY, kind=EventKind.STARTED, by=by)


@transaction.atomic
def end_walk(walk: Walk, *, by: Officer) -> None:
    """Everybody is where she meant to get to."""
    lock_walk(walk)
    bookings = lock_bookings_of(walk)
    require(can_walk(by, walk.live_officers()))
    if walk.status == WalkStatus.COMPLETED:
        return
    if walk.status != WalkStatus.UNDER_WAY:
        raise MoveNotAllowed(
            f"This walk is now “{walk.get_status_display().lower()}”, so it cannot end. "
            "Press “Start the walk” first, also if you are late to press."
        )
    walk.ended_at = timezone.now()
    move_walk(walk, WalkStatus.COMPLETED, kind=EventKind.ENDED, by=by)
    for booking in bookings:
        move_booking(booking, Status.COMPLETED, kind=EventKind.ENDED, by=by)


@transaction.atomic
def leave_walk(walk: Walk, *, by: Officer) -> None:
    """This officer cannot make it."""
    lock_officers([by])
    lock_walk(walk)
    require(can_walk(by, walk.live_officers()))
    if walk.status != WalkStatus.SCHEDULED:
        raise MoveNotAllowed(f"This walk is now “{walk.get_status_display().lower()}”, so nobody can leave it here.")
    take_off(walk, by, by=by, kind=EventKind.OFFICER_LEFT, reason=CANNOT_MAKE_IT)


@transaction.atomic
def read_phone(booking: Booking, *, by: Officer) -> str:
    """Her number, and a line that says who looked at it."""
    require(can_decide(by, booking) or _is_walking_with(by, booking))
    ReadLog.objects.create(officer=by, booking=booking, field="phone")
    return booking.contact.phone


def read_women(women: Collection[Booking], walk: Walk, *, by: Officer) -> None:
    """Somebody opens a page of a walk that says who walks: a line in the read log for each of these women."""
    require(can_read_details(by, walk, walk.live_officers(), timezone.now()))
    ReadLog.objects.bulk_create(ReadLog(officer=by, booking=booking, field="page") for booking in women)


def _is_walking_with(officer: Officer, booking: Booking) -> bool:
    now = timezone.now()
    walks = [walk for walk in (booking.walk, booking.cut_short_walk) if walk is not None]
    shown = [walk for walk in walks if women_shown_to(officer, walk, now).contains(booking)]
    return any(can_read_details(officer, walk, walk.live_officers(), now) for walk in shown)
