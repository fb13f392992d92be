"""The place of a booking in the list from which the inspector opened it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Subquery

from accounts.requests import OfficerRequest
from bookings.decisions.list_address import list_query
from bookings.models.booking_queries import QUEUE_ORDER, BookingQuerySet
from bookings.models.bookings import Booking
from bookings.triage.queue.forms import QueueForm
from bookings.triage.queue.listing import listed_bookings, opened_by_needs
from bookings.triage.queue.rows import get_wards
from boroughs.models.officers import Officer
from walkandtalk.lib.counting import MOST_COUNTED, CountUpTo, badge
from walkandtalk.lib.paging import rows_after, rows_before

MOST_SEARCHED = 500
"""The number of bookings in which a list by needs looks for a place, because each has to be decrypted."""


@dataclass(frozen=True)
class Position:
    """A list, and the place of one booking in it."""

    label: str
    number: str
    """ "4 of 14", "99+ of 99+", or "" if the booking is not in the list, or not any more."""
    previous: UUID | None
    next: UUID | None


def get_position(request: OfficerRequest, booking: Booking) -> Position | None:
    """Return the place of the booking in the list that the address names, or None if it names none. Two queries."""
    if not list_query(request):
        return None
    user = request.user
    form = QueueForm.read(request.GET, wards=get_wards(user.bcu) if user.bcu else [])
    rows, opened = listed_bookings(form, user), opened_by_needs(form)
    if opened is not None:
        first = rows.order_by(*QUEUE_ORDER, "pk")[:MOST_SEARCHED]
        return _among(form, booking, list(opened(first)))
    return _counted(form, booking, rows, user)


def _counted(form: QueueForm, booking: Booking, rows: BookingQuerySet, user: Officer) -> Position:
    before, after = rows_before(rows, booking, by=QUEUE_ORDER), rows_after(rows, booking, by=QUEUE_ORDER)
    found = (
        Booking.objects.visible_to(user)
        .filter(pk=booking.pk)
        .values_list(
            CountUpTo(rows.filter(pk=booking.pk)),
            CountUpTo(before),
            CountUpTo(rows),
            Subquery(before.values("pk")[:1]),
            Subquery(after.values("pk")[:1]),
        )
    )
    is_listed, number_before, total, previous, following = found.get()
    number = _number(number_before, total) if is_listed else ""
    return Position(form.label_now, number, previous, following)


def _among(form: QueueForm, booking: Booking, listed: Sequence[UUID]) -> Position:
    if booking.pk not in listed:
        return Position(form.label_now, "", None, next(iter(listed), None))
    place = listed.index(booking.pk)
    previous = listed[place - 1] if place else None
    following = listed[place + 1] if place + 1 < len(listed) else None
    return Position(form.label_now, _number(place, len(listed)), previous, following)


def _number(before: int, total: int) -> str:
    return f"{badge(min(before + 1, MOST_COUNTED))} of {badge(min(total, MOST_COUNTED))}"
