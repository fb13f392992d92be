"""Record the outcome of a walk that officers did not close, so that no booking stays open."""

from django.db import transaction
from django.utils import timezone

from bookings.locks import check_version, lock_booking_with_walk
from bookings.models.bookings import Booking
from bookings.on_the_day import emails
from bookings.permissions import can_decide, possible_outcomes
from bookings.statuses import EventKind, Status
from bookings.transitions import transition_booking, transition_walk
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walks.locks import lock_walk_with_officers
from walks.models.walks import Walk
from walks.statuses import WalkStatus

OUTCOME_EVENTS = {
    Status.COMPLETED: EventKind.RECORDED_COMPLETED,
    Status.OFFICERS_ABSENT: EventKind.OFFICERS_ABSENT,
    Status.REQUESTER_ABSENT: EventKind.REQUESTER_ABSENT,
}


@transaction.atomic
def record_outcome(booking: Booking, *, by: Officer, version: int, outcome: Status) -> None:
    """Record the outcome for an inspector. If the officers did not come, the requester gets our apology."""
    walk = lock_booking_with_walk(booking)
    require(can_decide(by, booking))
    check_version(booking, version=version)
    now = timezone.now()
    if walk is None or outcome not in possible_outcomes(booking, now):
        status = booking.get_status_display().lower()
        raise TransitionNotAllowed(f"This booking is now “{status}”, so you can’t record this outcome. Check it again.")
    event = transition_booking(booking, outcome, kind=OUTCOME_EVENTS[outcome], by=by)
    if outcome == Status.OFFICERS_ABSENT:
        emails.send_booking_officers_absent(booking, event)
    elif outcome == Status.REQUESTER_ABSENT:
        emails.send_booking_requester_absent(booking, event, send_after=None)
    _close_walk(walk, kind=OUTCOME_EVENTS[outcome], by=by)


@transaction.atomic
def close_walk(walk: Walk) -> None:
    """Close a walk past its end time with no scheduled bookings."""
    lock_walk_with_officers(walk)
    if walk.end_at <= timezone.now():
        _close_walk(walk, kind=EventKind.NO_BOOKINGS_LEFT)


def _close_walk(walk: Walk, *, kind: EventKind, by: Officer | None = None) -> None:
    """Close the walk once it has no scheduled bookings. It counts as held if one of its bookings is completed."""
    if not walk.is_live or walk.bookings.filter(status=Status.SCHEDULED).exists():
        return
    was_held = walk.bookings.filter(status=Status.COMPLETED).exists()
    to, changes = (
        WalkStatus.COMPLETED if was_held else WalkStatus.NOT_HELD,
        {"ended_at": min(timezone.now(), walk.end_at)},
    )
    transition_walk(walk, to, kind=kind, by=by, changes=changes)
