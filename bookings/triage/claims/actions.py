"""Inspectors of one BCU share their queue: who has which booking, what the next one has to know, and who read it."""

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_for_decision
from bookings.models.bookings import Booking
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed


@transaction.atomic
def claim_booking(booking: Booking, *, by: Officer, claimed_by_id: int | None) -> None:
    """Assign it to this inspector. `claimed_by_id` is who had it on her page: she takes it over from nobody unseen.

    Its version stays: whoever is about to decide on it may still do so.
    """
    lock_for_decision(booking, by=by)
    if booking.is_claimed_by(by):
        return
    _check_still_claimed_by(booking, claimed_by_id)
    before = booking.claimed_by
    booking.claimed_by, booking.claimed_at = by, timezone.now()
    booking.save(update_fields=["claimed_by", "claimed_at"])
    note = f"Before: {before.display_name}." if before else ""
    record(EventKind.CLAIM_TAKEN_OVER if before else EventKind.CLAIMED, booking=booking, by=by, note=note)


@transaction.atomic
def release_claim(booking: Booking, *, by: Officer) -> None:
    """She does not have it any more: it is everybody's again."""
    lock_for_decision(booking, by=by)
    if booking.claimed_by is None:
        return
    _check_still_claimed_by(booking, by.pk)
    booking.claimed_by = booking.claimed_at = None
    booking.save(update_fields=["claimed_by", "claimed_at"])
    record(EventKind.CLAIM_RELEASED, booking=booking, by=by)


@transaction.atomic
def add_colleague_note(booking: Booking, *, by: Officer, note: str) -> None:
    """What whoever takes it next has to know. Only the team that has it reads it, and it is forgotten with the rest."""
    lock_for_decision(booking, by=by)
    if booking.erased_at is not None:
        raise ActionError("Her details have been deleted, so nothing can be noted about her.")
    record(EventKind.NOTE_ADDED, booking=booking, by=by, note=note)


def _check_still_claimed_by(booking: Booking, claimed_by_id: int | None) -> None:
    if booking.claimed_by_id == claimed_by_id:
        return
    if booking.claimed_by is None or booking.claimed_at is None:
        raise TransitionNotAllowed("It has just been unassigned. Press “Assign to me” to take it.")
    since = f"{london.clock(booking.claimed_at)} on {london.long_date(booking.claimed_at)}"
    raise TransitionNotAllowed(
        f"{booking.claimed_by.display_name} has had this since {since}. Ask her before you take it over."
    )
