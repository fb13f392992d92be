"""The bookings of one tab of the queue that match its filters, in its order."""

from collections.abc import Callable, Iterator
from typing import cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.notices.undelivered import UndeliveredMessages, latest_undelivered_messages, with_delivery_problems
from bookings.triage.queue.forms import QueueForm
from boroughs.models.officers import Officer

ONLY_HERS: dict[str, Callable[[Officer], Q]] = {"mine": lambda user: Q(claim__officer=user)}
"""The tabs that depend on who reads them."""


def only_hers(state: str, user: Officer) -> Q:
    return ONLY_HERS[state](user) if state in ONLY_HERS else Q()


def listed_bookings(form: QueueForm, user: Officer, undelivered: UndeliveredMessages | None = None) -> BookingQuerySet:
    """Return the bookings that match every filter but needs, which are encrypted (`opened_by_needs`)."""
    answers, now = form.cleaned_data, timezone.now()
    rows = Booking.objects.visible_to(user).filter(form.rows(), only_hers(form.state_now, user))
    if answers["time"]:
        rows = rows.at_time_of_day(answers["time"])
    if answers["delivery_problems"]:
        messages = latest_undelivered_messages(now) if undelivered is None else undelivered
        rows = with_delivery_problems(rows, messages, now)
    return rows


def opened_by_needs(form: QueueForm) -> Callable[[QuerySet[Booking]], Iterator[UUID]] | None:
    """Return how to find the rows whose needs fit, if the form asks for any."""
    if not form.cleaned_data["needs"]:
        return None
    return lambda rows: cast("BookingQuerySet", rows).with_needs(form.matches_needs)
