"""Officers undo “Start the walk” or “Ended safely” for five minutes (docs/rules.md#undo-on-a-walk)."""

import datetime

from django.db import transaction
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.on_the_day.officer_withdrawal import withdraw_officer
from bookings.statuses import EventKind, Status
from bookings.transitions import transition_booking, transition_walk
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.locks import lock_walk_with_officers
from walks.models.walks import UNDO_WITHIN, Walk
from walks.permissions import can_use_walk_actions
from walks.planning.plans import keep_officers_until_end
from walks.statuses import WalkStatus

PRESSED_SINCE = "Someone has pressed another button since. Look at the walk again."


@transaction.atomic
def undo_start(walk: Walk, *, by: Officer, until: datetime.datetime | None) -> None:
    """Make the walk scheduled again. `until` is the end of the five minutes, and says which press is undone.

    A press that someone has undone already changes nothing.
    """
    if _is_to_be_undone(walk, EventKind.START_UNDONE, by=by, until=until):
        if walk.status != WalkStatus.UNDER_WAY:
            raise TransitionNotAllowed(PRESSED_SINCE)
        changes = {"started_at": None}
        transition_walk(walk, WalkStatus.SCHEDULED, kind=EventKind.START_UNDONE, by=by, changes=changes)


@transaction.atomic
def undo_end(walk: Walk, *, by: Officer, until: datetime.datetime | None) -> None:
    """Make the walk what it was before it ended, and its bookings scheduled. See `undo_start`."""
    if not _is_to_be_undone(walk, EventKind.END_UNDONE, by=by, until=until):
        return
    if walk.status != WalkStatus.COMPLETED:
        raise TransitionNotAllowed(PRESSED_SINCE)
    bookings = _lock_bookings_ended_with(walk)
    if any(booking.status != Status.COMPLETED for booking in bookings):
        raise TransitionNotAllowed("Your inspector has recorded another outcome since. Ring the duty number.")
    # An officer who saw a requester to safety ended a walk that had not started.
    was = WalkStatus.SCHEDULED if walk.started_at is None else WalkStatus.UNDER_WAY
    start_undo_until = walk.started_at + UNDO_WITHIN if walk.started_at is not None else None
    changes = {"ended_at": None, "undo_until": start_undo_until}
    transition_walk(walk, was, kind=EventKind.END_UNDONE, by=by, changes=changes)
    for booking in bookings:
        transition_booking(booking, Status.SCHEDULED, kind=EventKind.END_UNDONE, by=by)
    for officer in walk.live_officers():
        if not officer.is_available:  # she became so after the walk had ended, which left her on it
            withdraw_officer(officer, by=officer)


def _is_to_be_undone(walk: Walk, kind: EventKind, *, by: Officer, until: datetime.datetime | None) -> bool:
    """Lock the walk with its officers. Return False if this press was undone already. Raise ActionError if it can't be.

    The officers are locked because their time on the walk changes with its end.
    """
    lock_walk_with_officers(walk)
    require(can_use_walk_actions(by, walk.live_officers()))
    if until is None:
        raise TransitionNotAllowed(PRESSED_SINCE)
    if walk.events.filter(kind=kind, at__gte=until - UNDO_WITHIN).exists():
        return False
    if until <= timezone.now():
        raise ActionError(
            f"You could undo this until {london.clock(until)}. Ring the duty number, {walk.duty_number}, and say what "
            "has happened."
        )
    if walk.undo_until != until:
        raise TransitionNotAllowed(PRESSED_SINCE)
    return True


def _lock_bookings_ended_with(walk: Walk) -> list[Booking]:
    """Lock the bookings that “Ended safely” completed, in order of id. Others on the walk ended in another way."""
    ended = Booking.objects.filter(walk=walk, events__kind=EventKind.ENDED, events__at__gte=walk.ended_at)
    rows = Booking.objects.filter(pk__in=ended.values("pk")).select_for_update(no_key=True)
    return list(rows.prefetch_related("contact", "acknowledgement").order_by("pk"))


@transaction.atomic
def free_officers(walk: Walk) -> None:
    """Free the officers of a walk whose “Ended safely” can't be undone any more. Safe to call twice."""
    lock_walk_with_officers(walk)
    if walk.status == WalkStatus.COMPLETED and walk.undo_until is not None and walk.undo_until <= timezone.now():
        save_changes(walk, undo_until=None)
        keep_officers_until_end(walk)
