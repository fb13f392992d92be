"""What a woman keeps from the BCU of her place needs somebody elsewhere who decides, also when that officer leaves."""

from django.db import transaction

from bookings.events import record
from bookings.locks import lock_booking, lock_walks_of
from bookings.models.bookings import Booking, women_of
from bookings.statuses import EventKind
from boroughs.models.officers import Officer


@transaction.atomic
def pass_on_booking(booking: Booking) -> None:
    """Give it, and its walks, to another handler, if hers can decide no longer. It never goes back to the BCU."""
    lock_walks_of(booking)
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
    pass_on_walks(booking, handler)


def pass_on_walks(booking: Booking, handler: Officer) -> None:
    """Her walk, and the one that was broken off, go with her, unless somebody else was on it. The caller holds both."""
    for walk in (booking.walk, booking.cut_short_walk):
        if walk is not None and walk.handler_id is not None and not women_of(walk).exclude(pk=booking.pk).exists():
            walk.handler = handler
            walk.revision += 1
            walk.save(update_fields=["handler", "revision"])
