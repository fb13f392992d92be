"""Claims: the assignment of bookings to inspectors."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from boroughs.models.officers import Officer

if TYPE_CHECKING:
    from bookings.models.bookings import Booking


class Claim(models.Model):
    """The assignment of a booking to an inspector. An unassigned booking has no row."""

    booking = models.OneToOneField("bookings.Booking", on_delete=models.CASCADE, primary_key=True, related_name="claim")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.pk)


def get_claim(booking: "Booking") -> Claim | None:
    """Return the booking's claim, or None if it is unassigned."""
    return getattr(booking, "claim", None)
