"""Undo a decision before its messages leave."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_booking_ids
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.undoable_decisions import UndoableDecision
from bookings.permissions import can_decide
from bookings.statuses import EventKind
from bookings.undo.recording import get_event_ids
from bookings.undo.rows import hash_rows, put_back, read_rows
from boroughs.models.officers import Officer
from outbox.actions import MessageBatch, take_back
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.locks import OfficerNotAvailable, lock_officers, raise_officer_not_available, set_lock_timeout
from walks.models.walks import Assignment, Walk
from walks.permissions import can_be_assigned

CHANGED_SINCE = "Someone has changed this since you decided, so you can’t undo it. Look at it again."
INSTEAD = {
    EventKind.SCHEDULED: "Change or cancel the walk instead.",
    EventKind.CHANGED: "Change the walk again instead.",
    EventKind.OFFERED: "Withdraw the offer instead.",
    EventKind.CHANGE_DECLINED: "Change or cancel the walk instead.",
    EventKind.DECLINED: "Ring her if she allows it, and make a new booking for her.",
    EventKind.CANCELLED_BY_US: "Ring her if she allows it, and make a new booking for her.",
}
"""The other way to put a decision right, once the message has gone."""


def undo_decision(decision: UndoableDecision, *, by: Officer) -> None:
    """Put the bookings, the walk, its officers and the offers back as they were, and stop the messages.

    Only the inspector who decided may do so. Raise TransitionNotAllowed if a message has left or is leaving, or if
    someone has changed anything since.
    """
    require(decision.by_id == by.pk)
    try:
        with raise_officer_not_available(), transaction.atomic():
            set_lock_timeout()
            _lock(decision)
            _undo(decision, by=by)
    except OfficerNotAvailable as error:
        raise TransitionNotAllowed(CHANGED_SINCE) from error


def _undo(decision: UndoableDecision, *, by: Officer) -> None:
    _check_still_held(decision)
    rows = read_rows(decision.bookings, decision.walks)
    if hash_rows(rows, get_event_ids(decision.bookings, decision.walks)) != decision.state_after:
        raise TransitionNotAllowed(CHANGED_SINCE)
    # A frozen request on the walk is another inspector's. Nothing has changed, so it was hers before the decision too.
    decided = Booking.objects.filter(pk__in=decision.bookings, frozen_at=None)
    require(all(can_decide(by, booking) for booking in decided))
    if not take_back(MessageBatch(queued=decision.messages, superseded=decision.superseded)):
        raise TransitionNotAllowed(_too_late(decision))
    put_back(decision.rows_before, current=rows)
    _check_officers(decision)
    _move_on(decision)
    _record(decision, by=by)
    save_changes(decision, undone_at=timezone.now())


def _lock(decision: UndoableDecision) -> None:
    """Lock the officers before and after, the walks, the bookings and the decision, in the fixed order."""
    lock_officers(Officer.objects.filter(assignments__walk__in=decision.walks))
    walks = Walk.objects.select_for_update(no_key=True).filter(pk__in=decision.walks)
    list(walks.order_by("pk").values_list("pk"))
    lock_booking_ids(decision.bookings)
    decision.refresh_from_db(from_queryset=UndoableDecision.objects.select_for_update(no_key=True))


def _check_still_held(decision: UndoableDecision) -> None:
    if decision.undone_at is not None:
        raise TransitionNotAllowed("You’ve already undone this.")
    if decision.release_at <= timezone.now():
        raise TransitionNotAllowed(_too_late(decision))


def _check_officers(decision: UndoableDecision) -> None:
    """Refuse to put back an officer who may not walk any more."""
    restored = Assignment.objects.filter(walk__in=decision.walks, is_live=True).select_related("officer", "walk__bcu")
    if not all(can_be_assigned(assignment.officer, assignment.walk.bcu) for assignment in restored):
        raise TransitionNotAllowed(CHANGED_SINCE)


def _too_late(decision: UndoableDecision) -> str:
    return f"It’s too late to undo: the message has gone. {INSTEAD[EventKind(decision.kind)]}"


def _move_on(decision: UndoableDecision) -> None:
    """Give every row a new version, so that a page of before can't decide on it."""
    for rows in (Booking.objects.filter(pk__in=decision.bookings), Walk.objects.filter(pk__in=decision.walks)):
        rows.update(version=F("version") + 1)


def _record(decision: UndoableDecision, *, by: Officer) -> None:
    for event in Event.objects.filter(pk__in=decision.events).select_related("booking", "walk"):
        record(EventKind.UNDONE, booking=event.booking, walk=event.walk, by=by, code=event.kind, undoes=event)
