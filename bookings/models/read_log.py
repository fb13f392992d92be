"""The log of readings of personal details."""

from django.db import models
from django.utils import timezone

from bookings.models.bookings import Booking
from boroughs.models.officers import Officer


class ReadLog(models.Model):
    """A reading of a personal detail: ids and the field's name, never its content. Rows never change."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="reads")
    field = models.CharField(max_length=24)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.field} {self.at:%Y-%m-%d %H:%M}"
