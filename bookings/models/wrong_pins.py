"""Wrong PINs, counted for each booking whatever network they came from."""

from django.db import models
from django.utils import timezone


class WrongPin(models.Model):
    """One wrong PIN. The booking is no foreign key, so that a reference without a booking costs the same work."""

    booking_key = models.UUIDField(db_index=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.booking_key} {self.at:%Y-%m-%d %H:%M}"
