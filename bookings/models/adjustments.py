"""Adjustments: how the requester's access needs are met."""

from uuid import uuid4

from django.db import models
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import Need
from boroughs.models.officers import Officer
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.reading import Opened


class Adjustment(models.Model):
    """An arrangement for one need, or the alternative that the requester agreed to. Erased with her details."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="adjustments")
    need = EncryptedTextField()
    how = EncryptedTextField()
    agreed_otherwise = models.BooleanField(default=False)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def details_opened(self) -> Opened:
        return Opened("contact", "booking", self.booking_id)

    @property
    def need_label(self) -> str:
        return str(Need(self.need).label)
