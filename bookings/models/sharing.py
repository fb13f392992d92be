"""Guests, and requesters' answers on who may join their walk."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import ConsentAnswer, GuestState
from boroughs.models.officers import Officer
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.reading import Opened
from walks.models.walks import Walk


class Guest(models.Model):
    """Someone from the community who joins a walk, if every requester on it agrees to that person by name."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="guests")
    name = EncryptedTextField()
    role = EncryptedTextField()
    organisation = EncryptedTextField()
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    state = ChoiceField(max_length=9, choices=GuestState.choices, default=GuestState.ASKED)

    class Meta:
        ordering = ["invited_at", "pk"]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def details_opened(self) -> Opened:
        return Opened("walk", "walk", self.walk_id)

    @property
    def in_words(self) -> str:
        """ "Amira Khan, chair of the ward panel, Safer Neighbourhood Board"."""
        return ", ".join(filter(None, (self.name, self.role, self.organisation)))

    @property
    def may_come(self) -> bool:
        return self.state in (GuestState.ASKED, GuestState.COMING)


class SharingConsent(models.Model):
    """A requester's answer on whether other women, or this guest, may join her walk.

    Nobody joins without her consent, and nobody else on the walk learns who refused.
    """

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="sharing_consents")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="sharing_consents")
    guest = models.ForeignKey(
        Guest,
        on_delete=models.CASCADE,
        null=True,
        related_name="sharing_consents",
        help_text="Empty if the question is about other women.",
    )
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = ChoiceField(max_length=3, choices=ConsentAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["walk", "booking"], condition=Q(guest=None), name="one_sharing_consent_a_walk"
            ),
            models.UniqueConstraint(fields=["guest", "booking"], name="one_sharing_consent_a_guest"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="sharing_consent_is_answered_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_yes(self) -> bool:
        return self.answer == ConsentAnswer.YES
