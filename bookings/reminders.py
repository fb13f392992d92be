"""Whom the clock has to remind: of a walk, or to say whether it was her who asked.

A reminder is due once its time has come and she has heard nothing of the matter since. So a walk that is moved is
reminded of at its new time, one that was given to her late is not told twice, and an hour without jobs loses nothing.
"""

import datetime

from django.db.models import Exists, Max, OuterRef, Q

from bookings.models import Booking, BookingQuerySet, Event, Walk, WalkQuerySet
from bookings.statuses import EventKind, Reminder, Status, WalkStatus
from walkandtalk.lib import london

DAY_BEFORE_FROM = datetime.time(10)
HOURS_BEFORE = datetime.timedelta(hours=2)
ASK_AFTER = datetime.timedelta(hours=1)
ASK_AGAIN_AFTER = datetime.timedelta(days=1)
LOOK_AHEAD = datetime.timedelta(days=2)
LIST_FROM = datetime.time(15)
TOLD_HER = [
    EventKind.SCHEDULED,
    EventKind.CHANGED,
    EventKind.PLAN_STANDS,
    EventKind.SENT_AGAIN,
    EventKind.ADDRESS_CORRECTED,
    EventKind.REMINDED,
]
"""Each of these was a message to her that said all of it."""


def to_remind_of_walk(now: datetime.datetime) -> list[Booking]:
    """Those whose walk is near and who have not heard of it lately, the soonest first."""
    soon = Q(walk__start_at__gt=now, walk__start_at__lt=now + LOOK_AHEAD)
    planned = Booking.objects.filter(soon, status=Status.SCHEDULED, walk__status=WalkStatus.SCHEDULED).written_to()
    rows = planned.exclude(confirmed_at=None).select_related("walk")
    told_at = dict(
        Event.objects.filter(booking__in=rows, kind__in=TOLD_HER).order_by().values_list("booking").annotate(Max("at"))
    )
    return [row for row in rows.order_by("walk__start_at", "pk") if reminder_due(row, told_at.get(row.pk), now=now)]


def reminder_due(
    booking: Booking, told_last_at: datetime.datetime | None, *, now: datetime.datetime
) -> Reminder | None:
    """Which reminder of her walk is to go now, if one is. Once the officers have set off there is better news."""
    walk = booking.walk
    to_come = walk is not None and walk.status == WalkStatus.SCHEDULED and now < walk.start_at
    if walk is None or not to_come or booking.status != Status.SCHEDULED or walk.set_off_at is not None:
        return None
    two_hours = walk.start_at - HOURS_BEFORE
    # Hours are counted, and the day before is a day of the calendar: both hold where the clocks change.
    day_before = london.first_instant(walk.date - datetime.timedelta(days=1), DAY_BEFORE_FROM)
    opened, which = (two_hours, Reminder.TWO_HOURS) if now >= two_hours else (day_before, Reminder.DAY_BEFORE)
    is_due = now >= opened and (told_last_at is None or told_last_at < opened)
    return which if is_due else None


def told_last_at(booking: Booking) -> datetime.datetime | None:
    at: datetime.datetime | None = booking.events.filter(kind__in=TOLD_HER).aggregate(at=Max("at"))["at"]
    return at


def to_ask_whether_her(now: datetime.datetime) -> BookingQuerySet:
    """Those who have not said that it was them, after an hour and again after a day of waiting for that."""
    waiting = Booking.objects.filter(status=Status.WAITING, confirmed_at=None).written_to()
    hour, day = now - ASK_AFTER, now - ASK_AGAIN_AFTER
    first = Q(unconfirmed_since__lte=hour, unconfirmed_since__gt=day) & ~_told_since(ASK_AFTER)
    return waiting.filter(first | Q(unconfirmed_since__lte=day) & ~_told_since(ASK_AGAIN_AFTER))


def _told_since(after: datetime.timedelta) -> Q:
    told = Event.objects.filter(
        booking=OuterRef("pk"), kind__in=TOLD_HER, at__gte=OuterRef("unconfirmed_since") + after
    )
    return Q(Exists(told))


def walks_tonight(now: datetime.datetime) -> WalkQuerySet:
    """From 3pm on, the walks that begin before the next list, at 3pm tomorrow; before that, none."""
    today = london.local(now).date()
    if now < london.to_instant(today, LIST_FROM):
        return Walk.objects.none()
    until = london.to_instant(today + datetime.timedelta(days=1), LIST_FROM)
    return Walk.objects.filter(status=WalkStatus.SCHEDULED, start_at__gt=now, start_at__lt=until)
