"""The job that carries out erasures after the day in which the requester can undo them."""

import datetime

from bookings.manage.jobs import end_sessions_of_erased_bookings
from bookings.models.bookings import Booking
from data_rights.erasure import actions
from outbox.jobs import BATCH, for_each


def erase_requested(now: datetime.datetime) -> None:
    """Erase the bookings whose requesters asked for it a day ago, and end the sessions that name them."""
    due = Booking.objects.awaiting_erasure(now).order_by("erasure_due_at", "pk")[:BATCH]
    for_each(due, lambda booking: actions.carry_out_erasure(booking, now=now))
    end_sessions_of_erased_bookings(now)
