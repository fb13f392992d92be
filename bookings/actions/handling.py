"""What a woman keeps from the BCU of her place needs somebody elsewhere who decides, also when that officer leaves."""

from django.db import transaction

from bookings.actions.moves import lock_booking, lock_walk, record
from bookings.models import Booking
from bookings.statuses import EventKind
from boroughs.models import Officer


@transaction.atomic
def pass_on_booking(booking: Booking) -> None:
    """Give it, and its walk, to another handler, if hers can decide no longer. It never goes back to the BCU."""
    walk = booking.walk
    if walk is not None:
        lock_walk(walk)
    lock_booking(booking)
    if booking.handler is None or booking.handler.may_handle_for(booking.bcu):
        return
    handler = Officer.objects.handler_for(booking.bcu)
    if handler is None:
        return
    booking.handler = handler
    booking.taken_by = booking.taken_at = None
    booking.version += 1
    booking.save(update_fields=["handler", "taken_by", "taken_at", "version"])
    record(EventKind.PASSED_ON, booking=booking)
    if walk is not None and walk.handler_id is not None:
        walk.handler = handler
        walk.revision += 1
        walk.save(update_fields=["handler", "revision"])
