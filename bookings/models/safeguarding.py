"""Safeguarding marks: a booking that involves a crime or a safeguarding matter."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.statuses import SafeguardingOutcome
from boroughs.models.officers import Officer
from walkandtalk.lib.choices import ChoiceField

if TYPE_CHECKING:
    from bookings.models.bookings import Booking


class SafeguardingFlag(models.Model):
    """A safeguarding mark. An inspector closes it, and marking the booking again opens it.

    A booking that was never marked has no row. The requester's words are only in the force's own records.
    """

    booking = models.OneToOneField(
        "bookings.Booking", on_delete=models.CASCADE, primary_key=True, related_name="safeguarding_flag"
    )
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    outcome = ChoiceField(max_length=12, choices=SafeguardingOutcome.choices, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["booking"], condition=Q(closed_at=None), name="open_safeguarding_flags")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(outcome=""), name="closed_safeguarding_matter_has_an_outcome"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


def flag_of(booking: "Booking") -> SafeguardingFlag | None:
    """Return the booking's mark, open or closed, or None if it was never marked."""
    return getattr(booking, "safeguarding_flag", None)
