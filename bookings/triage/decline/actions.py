"""Decline a request."""

from dataclasses import dataclass

from django.db import transaction

from bookings.locks import lock_for_decision
from bookings.models.bookings import Booking
from bookings.statuses import DeclineAlternative, DeclineReason, EventKind, Status
from bookings.transitions import transition_booking
from bookings.triage.decline import emails
from bookings.undo.recording import undoable
from boroughs.models.officers import Officer


@dataclass(frozen=True, kw_only=True)
class Decline:
    """The reason, the alternatives for the requester, and our message to her."""

    reason: DeclineReason
    alternatives: tuple[DeclineAlternative, ...] = ()
    message: str = ""


@transaction.atomic
def decline_booking(booking: Booking, decline: Decline, *, by: Officer, version: int) -> None:
    """Decline the booking, and tell the requester the reason and what she can do instead."""
    lock_for_decision(booking, by=by, version=version)
    changes = {"alternatives": " ".join(decline.alternatives)}
    code, note = decline.reason, decline.message
    with undoable(EventKind.DECLINED, booking, by=by):
        event = transition_booking(
            booking, Status.DECLINED, kind=EventKind.DECLINED, by=by, code=code, note=note, changes=changes
        )
        emails.send_booking_declined(booking, event)
