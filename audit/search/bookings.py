"""The booking whose lines an auditor looks for. She reads its reference and nothing else of it."""

from uuid import UUID

from bookings.models.bookings import Booking
from boroughs.models.officers import Officer

NOT_FOUND = "No booking has this reference. Check it"


def booking_with_reference(user: Officer, reference: str) -> Booking | None:
    return Booking.objects.in_audit_for(user).filter(reference=reference).only("pk", "reference").first()


def booking_with_id(user: Officer, pk: UUID) -> Booking | None:
    return Booking.objects.in_audit_for(user).filter(pk=pk).only("pk", "reference", "erased_at").first()
