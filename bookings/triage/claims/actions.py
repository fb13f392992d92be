"""Inspectors of one BCU share their queue: who has which booking, what the next one has to know, and who read it."""

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_to_decide
from bookings.models.bookings import Booking
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import BookingError, MoveNotAllowed


@transaction.atomic
def take_booking(booking: Booking, *, by: Officer, had_by: int | None) -> None:
    """“I have this”. `had_by` is who had it on her page: she may take it over from her, and from nobody unseen.

    Its version stays: whoever is about to decide on it may still do so.
    """
    lock_to_decide(booking, by=by)
    if booking.is_had_by(by):
        return
    _check_still_had_by(booking, had_by)
    before = booking.taken_by
    booking.taken_by, booking.taken_at = by, timezone.now()
    booking.save(update_fields=["taken_by", "taken_at"])
    note = f"Before: {before.called}." if before else ""
    record(EventKind.TAKEN_OVER if before else EventKind.TAKEN, booking=booking, by=by, note=note)


@transaction.atomic
def put_back(booking: Booking, *, by: Officer) -> None:
    """She does not have it any more: it is everybody's again."""
    lock_to_decide(booking, by=by)
    if booking.taken_by is None:
        return
    _check_still_had_by(booking, by.pk)
    booking.taken_by = booking.taken_at = None
    booking.save(update_fields=["taken_by", "taken_at"])
    record(EventKind.PUT_BACK, booking=booking, by=by)


@transaction.atomic
def note_for_colleagues(booking: Booking, *, by: Officer, note: str) -> None:
    """What whoever takes it next has to know. Only the team that has it reads it, and it is forgotten with the rest."""
    lock_to_decide(booking, by=by)
    if booking.forgotten_at is not None:
        raise BookingError("Her details have been deleted, so nothing can be noted about her.")
    record(EventKind.NOTED, booking=booking, by=by, note=note)


def _check_still_had_by(booking: Booking, had_by: int | None) -> None:
    if booking.taken_by_id == had_by:
        return
    if booking.taken_by is None or booking.taken_at is None:
        raise MoveNotAllowed("It has just been put back, so nobody has it now. Press “I have this” to take it.")
    since = f"{london.clock(booking.taken_at)} on {london.long_date(booking.taken_at)}"
    raise MoveNotAllowed(f"{booking.taken_by.called} has had this since {since}. Ask her before you take it over.")
