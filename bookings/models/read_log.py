"""The log of readings of personal details."""

from django.db import models
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import ReadReason
from boroughs.models.officers import Officer
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.database.append_only import append_only


class ReadLog(models.Model):
    """A reading of a personal detail: ids and the field's name, never its content. Rows never change."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="reads")
    field = models.CharField(max_length=24)
    reason = ChoiceField(max_length=16, choices=ReadReason.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.field} {self.at:%Y-%m-%d %H:%M}"
