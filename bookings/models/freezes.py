"""Freezes: the requester said “This wasn’t me” after a change to her request or her contact details."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.bookings import Booking
from boroughs.models.officers import Officer


class FreezeQuerySet(models.QuerySet["Freeze"]):
    def visible_to(self, user: Officer) -> Self:
        """Return the open freezes of this inspector's own bookings, which another BCU reviews.

        Show her no more than the reference.
        """
        hers = Q(booking__bcu=user.bcu_id, previous_nominated_inspector=None) | Q(previous_nominated_inspector=user)
        return self.filter(hers, lifted_at=None, booking__erased_at=None).exclude(booking__nominated_inspector=user)


class Freeze(models.Model):
    """One freeze of a booking. An inspector of another BCU lifts it after she has spoken with the requester.

    `Booking.frozen_at` says whether a booking is frozen now.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="freezes")
    at = models.DateTimeField(default=timezone.now)
    previous_nominated_inspector = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The inspector who decided before the freeze, if the booking was restricted then.",
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    objects = FreezeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking"], condition=Q(lifted_at=None), name="one_open_freeze_a_booking"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="lifted_freeze_names_its_inspector",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
