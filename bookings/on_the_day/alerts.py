"""What cannot wait is said by message too. The clock calls these, as often as it likes: each thing is said once."""

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.on_the_day import emails
from bookings.statuses import EventKind, Status
from walks.locks import lock_walk
from walks.models.walks import ALERT_AFTER, ALERT_AGAIN_AFTER, Walk

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
