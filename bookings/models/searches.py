"""The log of searches for a booking."""

from django.db import models
from django.utils import timezone

from boroughs.models.officers import Officer
from walkandtalk.lib.database.append_only import append_only


class Search(models.Model):
    """One search: who, when, and how many bookings it found. Never the words that were typed. Rows never change."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    words_hmac = models.CharField(
        max_length=64, help_text="A keyed hash, which shows that the same words were typed twice and no more."
    )
    found = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = append_only()
        indexes = [models.Index(fields=["officer", "at"], name="searches_of_a_person")]

    def __str__(self) -> str:
        return f"{self.found} found {self.at:%Y-%m-%d %H:%M}"
