"""Afterwards: what became of a walk where the officers' buttons did not say it, so that nothing stays open for ever."""

from django.db import transaction
from django.utils import timezone

from bookings.locks import check_unchanged, lock_booking_with_walk
from bookings.models.bookings import Booking
from bookings.on_the_day import emails
from bookings.permissions import can_decide
from bookings.statuses import EventKind, Status
from bookings.transitions import move_booking, move_walk
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import MoveNotAllowed, require
from walks.locks import lock_walk
from walks.models.walks import Walk
from walks.statuses import WalkStatus

KINDS = {
    Status.COMPLETED: EventKind.TOOK_PLACE,
    Status.MISSED_BY_US: EventKind.MISSED_BY_US,
    Status.MISSED_BY_HER: EventKind.NOT_THERE,
}


@transaction.atomic
def settle_booking(booking: Booking, *, by: Officer, version: int, outcome: Status) -> None:
    """An inspector says what became of it. Where we were not there she gets our apology."""
    walk = lock_booking_with_walk(booking)
    require(can_decide(by, booking))
    check_unchanged(booking, was_shown=version)
    now = timezone.now()
    if walk is None or outcome not in booking.may_be_settled_as(now):
        was = booking.get_status_display().lower()
        raise MoveNotAllowed(f"This booking is now “{was}”, so it cannot be settled like this. Look at it again.")
    event = move_booking(booking, outcome, kind=KINDS[outcome], by=by)
    if outcome == Status.MISSED_BY_US:
        emails.booking_missed_by_us(booking, event)
    elif outcome == Status.MISSED_BY_HER:
        emails.booking_missed_by_her(booking, event, send_after=None)
    _close(walk, kind=KINDS[outcome], by=by)


@transaction.atomic
def close_walk(walk: Walk) -> None:
    """The clock closes a walk that nobody is left on, once its time is over."""
    lock_walk(walk)
    if walk.end_at <= timezone.now():
        _close(walk, kind=EventKind.NOBODY_LEFT)


def _close(walk: Walk, *, kind: EventKind, by: Officer | None = None) -> None:
    """With nobody left on it, it took place if it did so for one of them."""
    if not walk.is_live or walk.bookings.filter(status=Status.SCHEDULED).exists():
        return
    was_held = walk.bookings.filter(status=Status.COMPLETED).exists()
    walk.ended_at = min(timezone.now(), walk.end_at)
    move_walk(walk, WalkStatus.COMPLETED if was_held else WalkStatus.NOT_HELD, kind=kind, by=by)
