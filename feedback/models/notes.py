"""Officers' walk notes, and invitations to report."""

import datetime
import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.conditions import KEPT
from bookings.statuses import Status
from boroughs.models.officers import Officer
from feedback.statuses import WalkNoteCode
from walkandtalk.lib.fields import EncryptedJSONField, EncryptedTextField
from walkandtalk.lib.reading import Opened
from walks.models.walks import DETAILS_OPEN_AFTER, Walk, WalkQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class WalkNoteQuerySet(models.QuerySet["WalkNote"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the notes of walks that this person can see."""
        return self.filter(walk__in=Walk.objects.visible_to(user))

    def for_walk(self, walk: Walk) -> Self:
        """Return the notes of one walk, oldest first."""
        kept = self.filter(walk=walk, erased_at=None, booking__erasure_due_at=None)
        return kept.select_related("by", "booking__contact").order_by("at", "pk")

    def agreed_with(self, booking: Booking) -> Self:
        """Return the notes of what was agreed with the requester, which she can read."""
        return self.filter(booking=booking, erased_at=None).exclude(is_agreed_empty=True).order_by("at", "pk")

    def due_for_erasure(self) -> Self:
        """Return notes whose booking has been erased."""
        return self.filter(erased_at=None, booking__erased_at__isnull=False)


class WalkNote(models.Model):
    """An officer's note after a walk: how it went, and what was agreed with one requester. None is ever changed."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    noted = EncryptedJSONField(help_text="Codes that the officer tapped.")
    agreed = EncryptedTextField()
    is_agreed_empty = models.BooleanField(help_text="A query cannot tell whether an encrypted field is empty.")
    words = EncryptedTextField(help_text="For colleagues.")
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = WalkNoteQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.walk_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def details_opened(self) -> Opened:
        return Opened("note", "booking", self.booking_id)

    def code_labels(self) -> list[str]:
        return [str(WalkNoteCode(code).label) for code in self.noted]


class ReportInvitation(models.Model):
    """The invitation to report that a requester gets once, after her walk."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.booking_id} {self.at:%Y-%m-%d %H:%M}"


def walks_without_note(officer: Officer, now: datetime.datetime) -> WalkQuerySet:
    """Return her walks of the last days on which someone walked, and for which nobody has written a note yet.

    Officers can write notes while they can see the details (docs/rules.md#details-around-the-walk).
    """
    walked = Booking.objects.filter(KEPT, walk=OuterRef("pk"), status=Status.COMPLETED, frozen_at=None)
    since = now - DETAILS_OPEN_AFTER
    ended = Walk.objects.visible_to(officer).for_officer(officer).filter(ended_at__gte=since, start_at__gte=since)
    return ended.filter(Exists(walked), ~Exists(WalkNote.objects.filter(walk=OuterRef("pk"))))
