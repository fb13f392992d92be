"""Whom the clock has to remind: of a walk, or to say whether it was her who asked.

A reminder is due once its time has come and she has heard nothing of the matter since. So a walk that is moved is
reminded of at its new time, one that was given to her late is not told twice, and an hour without jobs loses nothing.
"""

import datetime

from django.db import transaction
from django.db.models import Max, Q

from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.models.events import Event
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
"""Each of these was a message to her that said all of it."""


def due_for_walk_reminder(now: datetime.datetime) -> list[Booking]:
    """Those whose walk is near and who have not heard of it lately, the soonest first."""
    soon = Q(walk__start_at__gt=now, walk__start_at__lt=now + LOOK_AHEAD)
    planned = Booking.objects.filter(soon, status=Status.SCHEDULED, walk__status=WalkStatus.SCHEDULED).emailable()
    rows = planned.exclude(confirmed_at=None).select_related("walk")
    informed_at = dict(
        Event.objects.filter(booking__in=rows, kind__in=FULL_NOTICE_EVENTS)
        .order_by()
        .values_list("booking")
        .annotate(Max("at"))
    )
    return [row for row in rows.order_by("walk__start_at", "pk") if reminder_due(row, informed_at.get(row.pk), now=now)]


def reminder_due(
    booking: Booking, last_notified_at: datetime.datetime | None, *, now: datetime.datetime
) -> Reminder | None:
    """Which reminder of her walk is to go now, if one is. Once the officers have set off there is better news."""
    walk = booking.walk
    to_come = walk is not None and walk.status == WalkStatus.SCHEDULED and now < walk.start_at
    if walk is None or not to_come or booking.status != Status.SCHEDULED or walk.set_off_at is not None:
        return None
    two_hours = walk.start_at - SECOND_REMINDER_BEFORE
    # Hours are counted, and the day before is a day of the calendar: both hold where the clocks change.
    day_before = london.first_instant(walk.date - datetime.timedelta(days=1), DAY_BEFORE_FROM)
    opened, which = (two_hours, Reminder.TWO_HOURS) if now >= two_hours else (day_before, Reminder.DAY_BEFORE)
    is_due = now >= opened and (last_notified_at is None or last_notified_at < opened)
    return which if is_due else None


def last_notified_at(booking: Booking) -> datetime.datetime | None:
    at: datetime.datetime | None = booking.events.filter(kind__in=FULL_NOTICE_EVENTS).aggregate(at=Max("at"))["at"]
    return at


@transaction.atomic
def send_walk_reminder(booking: Booking, *, now: datetime.datetime) -> None:
    """Her walk is tomorrow, or in two hours. What it is by now decides, not what it was when she was picked."""
    lock_booking(booking)
    which = reminder_due(booking, last_notified_at(booking), now=now)
    if which is not None and booking.can_be_emailed:
        event = record(EventKind.REMINDED, booking=booking, code=which)
        emails.booking_reminder(booking, event)
