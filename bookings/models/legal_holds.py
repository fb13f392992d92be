"""Legal holds: an auditor keeps a booking from being erased until a day, because its details are evidence."""

import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from boroughs.models.officers import Officer, is_auditor
from walkandtalk.lib import london

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from bookings.models.bookings import Booking


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return every hold to an auditor, and none to anyone else."""
        return self.all() if is_auditor(user) else self.none()

    def active(self, now: datetime.datetime) -> Self:
        """Return the holds that keep their booking at this moment: to the end of their last day in London."""
        return self.filter(ended_at=None, until__gte=london.local(now).date())


class LegalHold(models.Model):
    """One hold of a booking. A renewal is a row of its own, so that every reason and every end can be read later."""

    booking = models.ForeignKey("bookings.Booking", on_delete=models.PROTECT, related_name="legal_holds")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=200)
    until = models.DateField(help_text="The last day of the hold.")
    ended_at = models.DateTimeField(null=True, help_text="When it was ended before its last day, or renewed.")
    ended_by = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty if a restored backup had not known of its end.",
    )

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_by=None) | Q(ended_at__isnull=False), name="only_an_ended_hold_names_who_ended_it"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def ends_at(self) -> datetime.datetime:
        """Midnight in London after its last day."""
        return london.first_instant(self.until + datetime.timedelta(days=1), datetime.time(0))


def active_hold(booking: "Booking", now: datetime.datetime) -> LegalHold | None:
    """Return the hold that keeps the booking now, or None."""
    return LegalHold.objects.active(now).filter(booking=booking).order_by("-until", "-pk").first()
