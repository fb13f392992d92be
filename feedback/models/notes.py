"""What an officer notes after a walk, and that she was asked how it was."""

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from bookings.models.bookings import Booking
from boroughs.models.officers import Officer
from feedback.statuses import WalkNoteCode
from walkandtalk.lib.fields import EncryptedJSONField, EncryptedTextField
from walks.models.walks import Walk

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class WalkNoteQuerySet(models.QuerySet["WalkNote"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Those of the walks that this person may know of."""
        return self.filter(walk__in=Walk.objects.visible_to(user))

    def for_walk(self, walk: Walk) -> Self:
        """The oldest first."""
        return self.filter(walk=walk, erased_at=None).select_related("by", "booking__contact").order_by("at", "pk")

    def agreed_with(self, booking: Booking) -> Self:
        """Those that say what was agreed with her, which she reads."""
        return self.filter(booking=booking, erased_at=None).exclude(is_agreed_empty=True).order_by("at", "pk")

    def due_for_erasure(self) -> Self:
        """They go with her details."""
        return self.filter(erased_at=None, booking__erased_at__isnull=False)


class WalkNote(models.Model):
    """Two minutes after a walk: how it was, and what was agreed with one woman on it. Saved again is one more."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    noted = EncryptedJSONField(help_text="Codes of what she tapped.")
    agreed = EncryptedTextField()
    is_agreed_empty = models.BooleanField(help_text="What is encrypted cannot be asked for being empty.")
    words = EncryptedTextField(help_text="For colleagues.")
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = WalkNoteQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.walk_id} {self.at:%Y-%m-%d %H:%M}"

    def code_labels(self) -> list[str]:
        return [str(WalkNoteCode(code).label) for code in self.noted]


class ReportInvitation(models.Model):
    """She was asked, after her walk, to tell us what worried her. Once."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.booking_id} {self.at:%Y-%m-%d %H:%M}"
