"""Searches for a booking: each is logged, and counts against a budget (docs/rules.md#need-to-know)."""

from django.db import transaction

from bookings.models.bookings import Booking
from bookings.models.searches import Search
from bookings.need_to_know import check_search_budget
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens


@transaction.atomic
def find_by_reference(reference: str, *, by: Officer) -> Booking | None:
    """Return the booking with this reference, if this inspector can see it. Raise SearchingPaused after too many."""
    check_search_budget(by)
    booking = Booking.objects.visible_to(by).filter(reference=reference).first()
    Search.objects.create(officer=by, words_hmac=tokens.index_hmac(reference), found=int(booking is not None))
    return booking
