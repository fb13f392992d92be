"""Jobs that delete and erase details at the end of their retention period."""

import datetime

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, UUIDField, When
from django.db.models.functions import Cast, Right

from accounts.models import RateCount
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.models.events import Event
from bookings.models.read_log import ReadLog
from bookings.models.undoable_decisions import UndoableDecision
from bookings.notices.threads import EVENING_LIST_THREAD_PREFIX
from bookings.retention import actions
from outbox.jobs import BATCH, delete_batch, delete_in_batches, for_each
from outbox.models import Message, MessageQuerySet
from outbox.statuses import UNSENT
from walkandtalk.lib import london
from walkandtalk.lib.database import roles
from walks.models.walks import Walk, WalkQuerySet
from walks.statuses import LIVE_STATUSES

KEEP_RATE_COUNTS = datetime.timedelta(days=1)
KEEP_EVENING_LISTS = datetime.timedelta(days=7)
KEEP_PAST_DECISIONS = datetime.timedelta(minutes=10)
"""So that a late press of “Undo” is told that it is too late."""
MESSAGES_BATCH = 5000
UUID_LENGTH = 36
ENDS_WITH_AN_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def delete_expired_drafts(now: datetime.datetime) -> None:
    """Delete unsent answers after an hour, and old rate counts."""
    Draft.objects.filter(expires_at__lte=now).delete()
    RateCount.objects.filter(window__lte=now - KEEP_RATE_COUNTS).delete()


def delete_past_decisions(now: datetime.datetime) -> None:
    """Delete how things were before a decision, once its messages have left."""
    UndoableDecision.objects.filter(release_at__lte=now - KEEP_PAST_DECISIONS).delete()


def erase_due_bookings(now: datetime.datetime) -> None:
    """Erase the personal details of bookings at the end of the retention period on the privacy page."""
    for_each(Booking.objects.due_for_erasure(now).order_by("pk")[:BATCH], actions.erase_booking)
    for_each(walks_due_for_erasure(now).order_by("pk")[:BATCH], actions.erase_walk)


def walks_due_for_erasure(now: datetime.datetime) -> WalkQuerySet:
    """Return ended walks past their retention period that have no unerased booking."""
    since = now - datetime.timedelta(days=settings.KEEP_ENDED_DAYS)
    unerased = Booking.objects.filter(Q(walk=OuterRef("pk")) | Q(cut_short_walk=OuterRef("pk")), erased_at=None)
    ended = Walk.objects.filter(erased_at=None, start_at__lte=since).exclude(status__in=LIVE_STATUSES)
    return ended.filter(~Exists(unerased))


def delete_old_history(now: datetime.datetime) -> None:
    """Delete old lines of every log, after years, and officers' evening lists, after a week."""
    delete_in_batches(roles.delete_old_history)
    delete_in_batches(lambda: delete_batch(evening_lists_due_for_deletion(now).order_by("number"), MESSAGES_BATCH))


def events_due_for_deletion(now: datetime.datetime) -> QuerySet[Event]:
    return Event.objects.filter(at__lte=london.years_before(now, settings.KEEP_HISTORY_YEARS))


def reads_due_for_deletion(now: datetime.datetime) -> QuerySet[ReadLog]:
    return ReadLog.objects.filter(at__lte=london.years_before(now, settings.KEEP_HISTORY_YEARS))


def delete_old_messages(now: datetime.datetime) -> None:
    """Delete the emptied rows of old messages, with their attempts, so that the outbox does not grow for ever."""
    delete_in_batches(lambda: delete_batch(messages_due_for_deletion(now).order_by("created_at"), MESSAGES_BATCH))


def messages_due_for_deletion(now: datetime.datetime) -> MessageQuerySet:
    """Return old messages that are finished, and that belong to no booking or walk that still has its details.

    Their keys are no longer needed: each names an event, a day or a walk that no action will use again
    (docs/decisions/erasure.md#old-messages).
    """
    since = now - datetime.timedelta(days=settings.KEEP_MESSAGES_DAYS)
    old = Message.objects.filter(created_at__lte=since).exclude(state__in=UNSENT)
    # Every thread of a booking or walk ends with its id. As an id, it is looked up by the key of their tables.
    an_id = Case(When(thread__regex=ENDS_WITH_AN_ID, then=Cast(Right("thread", UUID_LENGTH), UUIDField())))
    about = old.annotate(about=an_id)
    for rows in (Booking.objects, Walk.objects):
        about = about.filter(~Exists(rows.filter(pk=OuterRef("about"), erased_at=None)))
    return about


def evening_lists_due_for_deletion(now: datetime.datetime) -> MessageQuerySet:
    """Return evening lists a week old. They name meeting places, but belong to no single walk that could erase them."""
    return Message.objects.filter(kind=EVENING_LIST_THREAD_PREFIX, expires_at__lte=now - KEEP_EVENING_LISTS)
