"""Who may come along: what each woman on a walk said of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.walks import Walk
from bookings.statuses import Word
from boroughs.models import Officer


class Agreement(models.Model):
    """Whether other women may join her walk. Without her yes nobody does, and nobody learns who said no."""

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="agreements")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="agreements")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=3, choices=Word.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["walk", "booking"], name="woman_is_asked_once_a_walk"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="agreement_is_answered_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_yes(self) -> bool:
        return self.answer == Word.YES
