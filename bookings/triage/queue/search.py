"""Searches for a booking: each is logged, and counts against a budget (docs/rules.md#need-to-know)."""

from django.db import transaction

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from bookings.models.bookings import Booking
from bookings.need_to_know import check_search_budget
from boroughs.models.officers import Officer


@transaction.atomic
def find_by_reference(reference: str, *, by: Officer) -> Booking | None:
    """Return the booking with this reference, if this inspector can see it. Raise SearchingPaused after too many."""
    check_search_budget(by)
    booking = Booking.objects.visible_to(by).filter(reference=reference).first()
    record_security_event(SecurityEventKind.SEARCHED, officer=by, count=int(booking is not None))
    return booking
