"""Reporting messages that did not arrive, started by the clock."""

import datetime

from django.db import transaction

from bookings.delivery_problems import emails
from bookings.delivery_problems.emails import team_knows_of
from bookings.models.bookings import Booking
from bookings.notices.undelivered import undelivered_to_her
from outbox.jobs import for_each
from outbox.models import Message


def report_undelivered(now: datetime.datetime) -> None:
    """Tell the team whose message did not arrive, once for each message."""
    undelivered = undelivered_to_her(now)
    bookings = Booking.objects.filter(pk__in=undelivered, forgotten_at=None).select_related("bcu", "handler", "walk")
    for_each(bookings, lambda booking: _report(booking, undelivered[booking.pk]))


@transaction.atomic
def _report(booking: Booking, message: Message) -> None:
    if not team_knows_of(booking, message):
        emails.team_not_delivered(booking, message)
