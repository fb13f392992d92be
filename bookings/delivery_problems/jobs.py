"""The job that reports undelivered messages."""

import datetime

from django.db import transaction

from bookings.delivery_problems import emails
from bookings.delivery_problems.emails import is_team_notified_of
from bookings.models.bookings import Booking
from bookings.models.conditions import KEPT
from bookings.notices.undelivered import undelivered_or_late_messages
from outbox.jobs import for_each
from outbox.models import Message


def report_undelivered(now: datetime.datetime) -> None:
    """Tell each team, once for each message, which requester did not receive our message."""
    undelivered = undelivered_or_late_messages(now)
    bookings = Booking.objects.filter(KEPT, pk__in=undelivered).select_related("bcu", "nominated_inspector", "walk")
    for_each(bookings, lambda booking: _report_undelivered(booking, undelivered[booking.pk]))


@transaction.atomic
def _report_undelivered(booking: Booking, message: Message) -> None:
    if not is_team_notified_of(booking, message):
        emails.send_team_message_undelivered(booking, message)
