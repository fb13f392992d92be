"""Deleting what has been kept for long enough, started by the clock."""

import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import RateCount
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.models.events import Event
from bookings.models.read_log import ReadLog
from bookings.notices.threads import TONIGHT
from bookings.retention import actions
from outbox.jobs import BATCH, for_each
from outbox.models import Message, MessageQuerySet
from walkandtalk.lib import london
from walks.models.recurring_walks import RecurringWalkEvent
from walks.models.walks import STILL_OPEN, Walk, WalkQuerySet

COUNTS_KEPT_FOR = datetime.timedelta(days=1)
KEEP_LISTS = datetime.timedelta(days=7)


def forget_drafts(now: datetime.datetime) -> None:
    """Answers that were not sent live for 60 minutes."""
    Draft.objects.filter(expires_at__lte=now).delete()
    RateCount.objects.filter(window__lte=now - COUNTS_KEPT_FOR).delete()


def forget_contacts(now: datetime.datetime) -> None:
    """Who she is, once her request has been over for as long as the privacy page says."""
    for_each(Booking.objects.to_forget(now).order_by("pk")[:BATCH], actions.forget_booking)
    for_each(old_walks(now).order_by("pk")[:BATCH], actions.forget_walk)


def old_walks(now: datetime.datetime) -> WalkQuerySet:
    """Those over for as long, which nobody leads to any more: cut short before another of hers, or nobody's."""
    since = now - datetime.timedelta(days=settings.KEEP_ENDED_DAYS)
    kept = Booking.objects.filter(Q(walk=OuterRef("pk")) | Q(cut_short_walk=OuterRef("pk")), forgotten_at=None)
    over = Walk.objects.filter(forgotten_at=None, start_at__lte=since).exclude(status__in=STILL_OPEN)
    return over.filter(~Exists(kept))


def forget_history(now: datetime.datetime) -> None:
    """Who did and who read what, years later. And what officers were told of an evening's walks, a week later."""
    old_events(now).delete()
    old_recurring_walk_events(now).delete()
    old_reads(now).delete()
    old_lists(now).delete()


def old_events(now: datetime.datetime) -> QuerySet[Event]:
    return Event.objects.filter(at__lte=london.years_before(now, settings.KEEP_HISTORY_YEARS))


def old_recurring_walk_events(now: datetime.datetime) -> QuerySet[RecurringWalkEvent]:
    return RecurringWalkEvent.objects.filter(at__lte=london.years_before(now, settings.KEEP_HISTORY_YEARS))


def old_reads(now: datetime.datetime) -> QuerySet[ReadLog]:
    return ReadLog.objects.filter(at__lte=london.years_before(now, settings.KEEP_HISTORY_YEARS))


def old_lists(now: datetime.datetime) -> MessageQuerySet:
    """They say where women were met, and belong to no one walk with which they would be forgotten."""
    return Message.objects.filter(kind=TONIGHT, expires_at__lte=now - KEEP_LISTS)
