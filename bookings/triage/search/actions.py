"""Searches for bookings: each is logged, and counts against a budget (docs/rules.md#need-to-know)."""

from django.db import transaction

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from bookings.models.bookings import Booking
from bookings.need_to_know import check_search_budget
from bookings.triage.search.hits import Found, find
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens


@transaction.atomic
def search_bookings(text: str, *, by: Officer) -> Booking | Found:
    """Return the booking with this whole reference, or what else the words fit. Raise SearchingPaused after too many.

    Write one line: who searched, how many she found, and whether by name or place, but never what she typed.
    """
    check_search_budget(by)
    reference = tokens.normalise_reference(text)
    booking = Booking.objects.visible_to(by).filter(reference=reference).first() if reference else None
    if booking is not None:
        record_security_event(SecurityEventKind.SEARCHED, officer=by, count=1)
        return booking
    found = find(text, by=by)
    kind = SecurityEventKind.SEARCHED_BY_NAME if _is_by_name(text, found, by) else SecurityEventKind.SEARCHED
    record_security_event(kind, officer=by, count=len(found.bookings))
    return found


def _is_by_name(text: str, found: Found, by: Officer) -> bool:
    """Return whether a name or a place told her of a booking that is not hers, or that there is none."""
    told = [*found.by_name.shown, *found.by_place.shown]
    if told:
        return not all(booking.is_known for booking in Booking.objects.filter(pk__in=told).known_to(by))
    is_otherwise = found.by_reference.shown or found.by_area.shown or any(character.isdigit() for character in text)
    return not is_otherwise
