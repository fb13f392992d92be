"""She is reminded. The clock calls these, as often as it likes: each reminder is written once."""

import datetime

from django.db import transaction

from bookings import emails
from bookings.actions.moves import lock_booking, lock_officers, record
from bookings.models import Booking
from bookings.reminders import ASK_AGAIN_AFTER, reminder_due, to_ask_whether_her, told_last_at, walks_tonight
from bookings.statuses import EventKind, Reminder
from boroughs.models import Officer


@transaction.atomic
def remind_of_walk(booking: Booking, *, now: datetime.datetime) -> None:
    """Her walk is tomorrow, or in two hours. What it is by now decides, not what it was when she was picked."""
    lock_booking(booking)
    which = reminder_due(booking, told_last_at(booking), now=now)
    if which is not None and booking.is_written_to:
        event = record(EventKind.REMINDED, booking=booking, code=which)
        emails.booking_reminder(booking, event)


@transaction.atomic
def ask_whether_her(booking: Booking, *, now: datetime.datetime) -> None:
    """Nobody has pressed “Yes, this was me” or “This wasn't me” yet."""
    lock_booking(booking)
    if to_ask_whether_her(now).filter(pk=booking.pk).exists():
        which = Reminder.DAY_LATER if booking.asked_at <= now - ASK_AGAIN_AFTER else Reminder.HOUR_LATER
        event = record(EventKind.REMINDED, booking=booking, code=which)
        emails.confirm_reminder(booking, event)


@transaction.atomic
def list_tonight(officer: Officer, *, now: datetime.datetime) -> None:
    """Write her tonight's list, as her walks are by now: whoever changes one has to hold her first."""
    lock_officers([officer])
    if walks := list(walks_tonight(now).of_officer(officer)):
        emails.officer_tonight(officer, walks, now=now)


@transaction.atomic
def tell_team_of_request(booking: Booking) -> None:
    """Somebody has asked: the inbox of the team hears within a minute, and she never waits for that mail."""
    lock_booking(booking)
    if booking.awaits_decision:
        emails.team_new_request(booking)
