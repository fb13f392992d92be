"""Acknowledgements: what we know of a requester's having the latest news of her walk."""

from django.db import models
from django.db.models import Q

from bookings.statuses import STATUSES_TO_ACKNOWLEDGE


class Acknowledgement(models.Model):
    """The times when the requester got the latest news or spoke with us. Each booking has one row, created with it."""

    booking = models.OneToOneField(
        "bookings.Booking", on_delete=models.CASCADE, primary_key=True, related_name="acknowledgement"
    )
    acknowledged_at = models.DateTimeField(null=True, help_text="When the requester acknowledged the latest news.")
    contacted_at = models.DateTimeField(
        null=True, help_text="When someone who had to be sure that the requester was safe spoke with her or met her."
    )
    informed_at = models.DateTimeField(
        null=True, help_text="When a colleague told the requester the latest news because our message did not."
    )
    nobody_came_reported_at = models.DateTimeField(null=True, help_text="When the requester reported that nobody came.")

    class Meta:
        indexes = [
            models.Index(
                fields=["booking"],
                condition=Q(nobody_came_reported_at__isnull=False, contacted_at=None),
                name="nobody_came_not_contacted",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_needed(self) -> bool:
        """Return whether there is news that the requester must see before she leaves home."""
        return self.booking.status in STATUSES_TO_ACKNOWLEDGE
