"""An inspector declines a request."""

from collections.abc import Collection

from django.db import transaction

from bookings.locks import lock_to_decide
from bookings.models.bookings import Booking
from bookings.statuses import DeclineAlternative, DeclineReason, EventKind, Status
from bookings.transitions import move_booking
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
    lock_to_decide(booking, by=by, was_shown=version)
    booking.alternatives = " ".join(alternatives)
    booking.save(update_fields=["alternatives"])
    event = move_booking(booking, Status.DECLINED, kind=EventKind.DECLINED, by=by, code=reason, note=words)
    emails.booking_declined(booking, event)
