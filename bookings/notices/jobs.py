"""Reminders, started by the clock."""

import datetime

from bookings.notices import reminders
from bookings.notices.reminders import to_remind_of_walk
from outbox.jobs import BATCH, for_each


def remind_of_walks(now: datetime.datetime) -> None:
    """Of a walk tomorrow, from 10am, and of one in two hours."""
    for_each(to_remind_of_walk(now)[:BATCH], lambda booking: reminders.remind_of_walk(booking, now=now))
