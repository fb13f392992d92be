"""Whether the requester knows the latest news of her walk, and whether somebody has spoken with her."""

from django.db import models
from django.db.models import Q

from bookings.statuses import STATUSES_TO_ACKNOWLEDGE


class Acknowledgement(models.Model):
    """What we know of whether the requester knows. One row a booking, made with it."""

    booking = models.OneToOneField(
        "bookings.Booking", on_delete=models.CASCADE, primary_key=True, related_name="acknowledgement"
    )
    acknowledged_at = models.DateTimeField(null=True, help_text="When she said that she had seen the latest news.")
    contacted_at = models.DateTimeField(
        null=True, help_text="When somebody who had to be sure that she was safe spoke with her or met her."
    )
    informed_at = models.DateTimeField(
        null=True, help_text="When somebody told her the latest news because our message did not."
    )
    nobody_came_reported_at = models.DateTimeField(null=True, help_text="When she said that nobody came.")

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
        """Is there news that she has to see before she leaves home?"""
        return self.booking.status in STATUSES_TO_ACKNOWLEDGE
