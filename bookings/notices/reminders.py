"""Reminders of walks.

A reminder is due if its time has come and we have sent the requester nothing about the walk since. So a moved walk gets
a reminder at its new time, a walk scheduled late is not announced twice, and an hour without jobs loses nothing.
"""

import datetime

from django.db import transaction
from django.db.models import Max, Q

from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.models.events import NOT_UNDONE, Event
from bookings.notices import emails
from bookings.statuses import EventKind, Reminder, Status
from walkandtalk.lib import london
from walks.statuses import WalkStatus

DAY_BEFORE_FROM = datetime.time(10)
SECOND_REMINDER_BEFORE = datetime.timedelta(hours=2)
LOOK_AHEAD = datetime.timedelta(days=2)
FULL_NOTICE_EVENTS = [
    EventKind.SCHEDULED,
    EventKind.CHANGED,
    EventKind.CHANGE_DECLINED,
    EventKind.MESSAGE_RESENT,
    EventKind.ADDRESS_CORRECTED,
    EventKind.REMINDED,
]
"""Events with a message that told the requester everything about her walk."""


def due_for_walk_reminder(now: datetime.datetime) -> list[Booking]:
    """Return bookings for which a walk reminder is due, soonest walk first."""
    soon = Q(walk__start_at__gt=now, walk__start_at__lt=now + LOOK_AHEAD)
    upcoming = Booking.objects.filter(soon, status=Status.SCHEDULED, walk__status=WalkStatus.SCHEDULED).emailable()
    rows = list(upcoming.exclude(confirmed_at=None).select_related("walk").order_by("walk__start_at", "pk"))
    # The rows and not their query, with which PostgreSQL would read every event.
    informed_at = dict(
        Event.objects.filter(NOT_UNDONE, booking__in=rows, kind__in=FULL_NOTICE_EVENTS)
        .order_by()
        .values_list("booking")
        .annotate(Max("at"))
    )
    return [row for row in rows if reminder_due(row, informed_at.get(row.pk), now=now)]


def reminder_due(
    booking: Booking, last_notified_at: datetime.datetime | None, *, now: datetime.datetime
) -> Reminder | None:
    """Return the reminder to send now, if any. None is sent once the officers have set off, which is better news."""
    walk = booking.walk
    is_upcoming = walk is not None and walk.status == WalkStatus.SCHEDULED and now < walk.start_at
    if walk is None or not is_upcoming or booking.status != Status.SCHEDULED or walk.set_off_at is not None:
        return None
    two_hours = walk.start_at - SECOND_REMINDER_BEFORE
    # Two hours are elapsed time and the day before is a calendar day, so both hold when the clocks change.
    day_before = london.first_instant(walk.date - datetime.timedelta(days=1), DAY_BEFORE_FROM)
    due_at, reminder = (two_hours, Reminder.TWO_HOURS) if now >= two_hours else (day_before, Reminder.DAY_BEFORE)
    is_due = now >= due_at and (last_notified_at is None or last_notified_at < due_at)
    return reminder if is_due else None


def last_notified_at(booking: Booking) -> datetime.datetime | None:
    notices = booking.events.filter(NOT_UNDONE, kind__in=FULL_NOTICE_EVENTS)
    at: datetime.datetime | None = notices.aggregate(at=Max("at"))["at"]
    return at


@transaction.atomic
def send_walk_reminder(booking: Booking, *, now: datetime.datetime) -> None:
    """Remind the requester of her walk tomorrow or in two hours, if it is still due after locking the booking."""
    lock_booking(booking)
    reminder = reminder_due(booking, last_notified_at(booking), now=now)
    if reminder is not None and booking.can_be_emailed:
        event = record(EventKind.REMINDED, booking=booking, code=reminder)
        emails.send_booking_reminder(booking, event)
