"""Hold the messages of a decision, and remember how things were before it.

An action puts what it changes into `with undoable(…)`, after its checks and while it holds its locks.
"""

import datetime
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from bookings.locks import lock_booking_ids
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.undoable_decisions import UndoableDecision
from bookings.statuses import EventKind
from bookings.undo.rows import changes_between, hash_rows, read_rows, walks_of
from boroughs.models.officers import Officer
from outbox.actions import MessageBatch, message_batch
from walks.models.walks import Walk

AT_ONCE_BEFORE_START = datetime.timedelta(hours=2)
"""So soon before a walk, half a minute counts more than a second thought (docs/rules.md#hold-and-undo)."""

_is_inside: ContextVar[bool] = ContextVar("_is_inside", default=False)


@contextmanager
def undoable(
    kind: EventKind,
    *bookings: Booking,
    by: Officer,
    walk: Walk | None = None,
    starts_at: Collection[datetime.datetime] = (),
    from_walk_page: bool = False,
) -> Iterator[None]:
    """Hold the messages that the decision queues inside, and save what is needed to undo it until they leave.

    `walk` is the walk that it changes, and `starts_at` when the walk starts, before and after. The caller holds the
    locks on officers and walk. One decision may be part of another, which is then undone as a whole.
    """
    now = timezone.now()
    is_soon = any(start <= now + AT_ONCE_BEFORE_START for start in starts_at)
    if _is_inside.get() or is_soon or not settings.UNDO_SECONDS:
        yield
        return
    pks = lock_booking_ids([booking.pk for booking in bookings], walk=walk)
    walks = {walk.pk} if walk is not None else set()
    before, known = read_rows(pks, walks), get_event_ids(pks, walks)
    decision = UndoableDecision(
        by=by,
        kind=kind,
        about_id=bookings[0].pk if bookings else None,
        bookings=pks,
        walk_id=walk.pk if walk is not None and from_walk_page else None,
        made_at=now,
        release_at=now + datetime.timedelta(seconds=settings.UNDO_SECONDS),
    )
    token = _is_inside.set(True)
    try:
        with message_batch(hold_until=decision.release_at) as batch:
            yield
    finally:
        _is_inside.reset(token)
    after = read_rows(pks, walks)
    if added := walks_of(after) - walks_of(before) - walks:
        walks |= added
        after = read_rows(pks, walks)
    decision.versions = {str(pk): after["bookings_booking", str(pk)]["version"] for pk in pks}
    decision.rows_before, decision.walks = changes_between(before, after), sorted(walks)
    events = get_event_ids(pks, walks)
    decision.events = sorted(events - known)
    decision.state_after = hash_rows(after, events)
    _save(decision, batch)


def _save(decision: UndoableDecision, batch: MessageBatch) -> None:
    """Save the decision, unless it changed nothing."""
    if decision.rows_before:
        decision.messages, decision.superseded = batch.queued, batch.superseded
        decision.save()


def get_event_ids(bookings: Collection[UUID], walks: Collection[UUID]) -> set[UUID]:
    """Return the events of these bookings and walks. A note changes nothing, so a colleague may add one meanwhile."""
    about = Event.objects.filter(Q(booking__in=bookings) | Q(walk__in=walks)).exclude(kind=EventKind.NOTE_ADDED)
    return set(about.order_by().values_list("pk", flat=True))
