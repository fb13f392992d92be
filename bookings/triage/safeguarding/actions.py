"""“Stop: this is a crime or a safeguarding matter.” Mark the booking, and never copy what the requester said."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.locks import check_not_done_by_colleague, lock_booking, lock_for_decision
from bookings.models.bookings import Booking, bookings_on_walk
from bookings.models.events import Event
from bookings.models.safeguarding import SafeguardingFlag, flag_of
from bookings.permissions import BookingAction, available_actions, can_mark_safeguarding_on_walk
from bookings.statuses import EventKind, SafeguardingOutcome
from bookings.triage import emails
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.locks import lock_walk
from walks.models.walks import Walk


@transaction.atomic
def mark_safeguarding_at_triage(booking: Booking, *, by: Officer) -> None:
    """Mark a booking that an inspector reads. Marking it again changes nothing."""
    lock_for_decision(booking, by=by)
    if booking.erased_at is not None:
        raise ActionError("Her details have been deleted, so there is nothing left to mark.")
    _mark_safeguarding(booking, by=by)


@transaction.atomic
def mark_safeguarding_on_walk(walk: Walk, bookings: Collection[Booking], *, by: Officer) -> None:
    """Mark bookings for an officer on the walk. The team is told at once, but not what happened."""
    lock_walk(walk)
    require(can_mark_safeguarding_on_walk(by, walk, walk.live_officers(), timezone.now()))
    for booking in sorted(bookings, key=lambda booking: booking.pk):
        require(bookings_on_walk(walk).contains(booking))
        lock_booking(booking)
        if (event := _mark_safeguarding(booking, by=by)) is not None:
            emails.send_team_safeguarding(walk, event)


@transaction.atomic
def close_safeguarding(booking: Booking, *, by: Officer, outcome: SafeguardingOutcome) -> None:
    """Record the outcome as a code, and nothing else."""
    lock_for_decision(booking, by=by)
    if BookingAction.CLOSE_SAFEGUARDING not in available_actions(booking, by, timezone.now()):
        check_not_done_by_colleague(booking, EventKind.SAFEGUARDING_CLOSED, by=by)
        raise TransitionNotAllowed("There is nothing to close here. Look at the booking again.")
    save_changes(booking.safeguarding_flag, closed_at=timezone.now(), outcome=outcome)
    record(EventKind.SAFEGUARDING_CLOSED, booking=booking, by=by, code=outcome)


def _mark_safeguarding(booking: Booking, *, by: Officer) -> Event | None:
    """Mark the booking. Its new version makes an inspector who is about to decide look again.

    This is not news to the requester, so her acknowledgement stays.
    """
    flag = flag_of(booking)
    if flag is None:
        SafeguardingFlag.objects.create(booking=booking, by=by)
    elif flag.is_open:
        return None
    else:
        save_changes(flag, at=timezone.now(), by=by, closed_at=None, outcome="")
    if booking.awaits_decision:
        save_changes(booking, version=booking.version + 1)
    return record(EventKind.SAFEGUARDING, booking=booking, by=by)
