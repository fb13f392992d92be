"""The job that sends reminders."""

import datetime

from bookings.notices import reminders
from bookings.notices.reminders import due_for_walk_reminder
from outbox.jobs import BATCH, for_each


def send_walk_reminders(now: datetime.datetime) -> None:
    """Send reminders of tomorrow's walks from 10am, London time, and of each walk two hours before it starts."""
    for_each(due_for_walk_reminder(now)[:BATCH], lambda booking: reminders.send_walk_reminder(booking, now=now))
