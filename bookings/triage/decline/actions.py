"""An inspector declines a request."""

from collections.abc import Collection

from django.db import transaction

from bookings.locks import lock_for_decision
from bookings.models.bookings import Booking
from bookings.statuses import DeclineAlternative, DeclineReason, EventKind, Status
from bookings.transitions import transition_booking
from bookings.triage.decline import emails
from boroughs.models.officers import Officer


@transaction.atomic
def decline_booking(
    booking: Booking,
    *,
    by: Officer,
    version: int,
    reason: DeclineReason,
    alternatives: Collection[DeclineAlternative],
    words: str,
) -> None:
    """Say no, with a reason, what she can do instead, and words that she will read."""
    lock_for_decision(booking, by=by, version=version)
    booking.alternatives = " ".join(alternatives)
    booking.save(update_fields=["alternatives"])
    event = transition_booking(booking, Status.DECLINED, kind=EventKind.DECLINED, by=by, code=reason, note=words)
    emails.booking_declined(booking, event)
