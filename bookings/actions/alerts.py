"""What cannot wait is said by message too. The clock calls these, as often as it likes: each thing is said once."""

import datetime

from django.db import transaction
from django.utils import timezone

from bookings import emails
from bookings.actions.moves import lock_booking, lock_walk, record
from bookings.models import ALERT_AFTER, ALERT_AGAIN_AFTER, Booking, Walk
from bookings.promise import at_risk_until
from bookings.statuses import EventKind, Status

FIRST, SECOND = "first", "second"


@transaction.atomic
def alert_not_ended(walk: Walk) -> None:
    """Nobody has pressed “Ended safely”, half an hour after its end, and again a quarter of an hour later."""
    lock_walk(walk)
    late = timezone.now() - walk.end_at
    if not walk.is_live or late < ALERT_AFTER or not walk.bookings.filter(status=Status.SCHEDULED).exists():
        return
    which = FIRST if late < ALERT_AGAIN_AFTER else SECOND
    if walk.events.filter(kind=EventKind.NOT_ENDED, code=which).exists():
        return
    event = record(EventKind.NOT_ENDED, walk=walk, code=which)
    emails.team_not_ended(walk, event)


@transaction.atomic
def alert_go_there(booking: Booking) -> None:
    """We cancelled, her walk was to begin in half an hour, and nobody can say that she knows."""
    lock_booking(booking)
    if not booking.needs_somebody_there(timezone.now()):
        return
    if booking.events.filter(kind=EventKind.GO_THERE).exists():
        return
    event = record(EventKind.GO_THERE, booking=booking)
    emails.team_go_there(booking, event)


@transaction.atomic
def escalate_answer(booking: Booking, *, now: datetime.datetime) -> None:
    """What we promised her is at risk, or was not kept. Each is told once a promise: a new one is a new day."""
    lock_booking(booking)
    due = booking.answer_due_at
    if not booking.is_owed_an_answer or due > at_risk_until(now):
        return
    is_late = due <= now
    if due in (booking.late_told_for, None if is_late else booking.at_risk_told_for):
        return
    if is_late:
        booking.late_told_for = due
    else:
        booking.at_risk_told_for = due
    booking.save(update_fields=["late_told_for", "at_risk_told_for"])
    event = record(EventKind.LATE if is_late else EventKind.AT_RISK, booking=booking)
    emails.team_answer_owed(booking, event)
