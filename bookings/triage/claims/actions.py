"""Claims and colleague notes of inspectors who share a queue."""

import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_booking, lock_for_decision
from bookings.models.bookings import Booking
from bookings.models.claims import Claim, get_claim
from bookings.permissions import BookingAction, available_actions
from bookings.read_log import record_claim
from bookings.statuses import OPEN_STATUSES, EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walkandtalk.lib.reading import untracked
from walkandtalk.lib.rows import save_changes
from walks.permissions import is_in_charge_of

SAME_NOTE_WITHIN = datetime.timedelta(minutes=10)
"""The same words by the same person within this time are a second press, not a second note."""


@transaction.atomic
def claim_booking(booking: Booking, *, by: Officer, claimed_by_id: int | None) -> None:
    """Claim the booking, unless the claim has changed since the inspector opened her page (`claimed_by_id`).

    Raise ReadingPaused if she has opened too many bookings within the hour: lists name this requester from now on.
    The version is unchanged, so a colleague who is deciding on the booking can still do so.
    """
    lock_for_decision(booking, by=by)
    if BookingAction.CLAIM not in available_actions(booking, by, timezone.now()):
        status = booking.get_status_display().lower()
        raise TransitionNotAllowed(f"This booking is now “{status}”, so you can’t claim it.")
    claim = get_claim(booking)
    if claim is not None and claim.officer_id == by.pk:
        return
    _check_still_claimed_by(claim, claimed_by_id)
    if claim is None:
        Claim.objects.create(booking=booking, officer=by)
        record(EventKind.CLAIMED, booking=booking, by=by)
    else:
        note = f"Before: {claim.officer.display_name}."
        save_changes(claim, officer=by, at=timezone.now())
        record(EventKind.CLAIM_TAKEN_OVER, booking=booking, by=by, note=note)
    record_claim(booking, by=by)


@transaction.atomic
def release_claim(booking: Booking, *, by: Officer) -> None:
    """Give the booking back to the team."""
    lock_for_decision(booking, by=by)
    claim = get_claim(booking)
    if claim is None:
        return
    _check_still_claimed_by(claim, by.pk)
    claim.delete()
    record(EventKind.CLAIM_RELEASED, booking=booking, by=by)


@transaction.atomic
def release_claims_of(officer: Officer, *, by: Officer) -> None:
    """Give back every open booking that this person may no longer decide on. `by` may be an administrator."""
    for claim in open_claims_of(officer).order_by("booking"):
        if is_in_charge_of(officer, claim.booking):
            continue
        lock_booking(claim.booking)
        Claim.objects.filter(booking=claim.booking, officer=officer).delete()
        record(EventKind.CLAIM_RELEASED, booking=claim.booking, by=by)


def open_claims_of(*officers: Officer) -> QuerySet[Claim]:
    """Return the claims that someone has to take over. Those of closed bookings are history."""
    return Claim.objects.filter(officer__in=officers, booking__status__in=OPEN_STATUSES).select_related("booking")


@transaction.atomic
def add_colleague_note(booking: Booking, *, by: Officer, note: str) -> None:
    """Add a note for the next inspector. Only the booking's team reads it, and it is erased with the booking.

    A second press adds nothing.
    """
    lock_for_decision(booking, by=by)
    if BookingAction.ADD_NOTE not in available_actions(booking, by, timezone.now()):
        raise ActionError("Her details have been deleted, so you can’t add a note.")
    if not _has_just_written(booking, note, by=by):
        record(EventKind.NOTE_ADDED, booking=booking, by=by, note=note)


def _has_just_written(booking: Booking, note: str, *, by: Officer) -> bool:
    since = timezone.now() - SAME_NOTE_WITHIN
    written = booking.events.filter(kind=EventKind.NOTE_ADDED, by=by, at__gt=since)
    with untracked():  # it is compared, and never shown
        return any(event.note == note for event in written)


def _check_still_claimed_by(claim: Claim | None, claimed_by_id: int | None) -> None:
    if claim is None:
        if claimed_by_id is None:
            return
        raise TransitionNotAllowed("It has just been unassigned. Press “Assign to me” to take it.")
    if claim.officer_id != claimed_by_id:
        since = f"{london.clock(claim.at)} on {london.long_date(claim.at)}"
        raise TransitionNotAllowed(
            f"{claim.officer.display_name} has been assigned this since {since}. Ask before you take over."
        )
