"""Reminders, started by the clock."""

import datetime

from bookings.notices import reminders
from bookings.notices.reminders import due_for_walk_reminder
from outbox.jobs import BATCH, for_each


def send_walk_reminders(now: datetime.datetime) -> None:
    """Of a walk tomorrow, from 10am, and of one in two hours."""
    for_each(due_for_walk_reminder(now)[:BATCH], lambda booking: reminders.send_walk_reminder(booking, now=now))
