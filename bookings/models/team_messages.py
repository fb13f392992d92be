"""Messages that a requester wrote to her team, on her own page."""

from typing import Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from boroughs.models.officers import Officer
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.reading import Opened
from walks.models.walks import Walk


class TeamMessageQuerySet(models.QuerySet["TeamMessage"]):
    def unread(self) -> Self:
        return self.filter(read_at=None)

    def in_order(self) -> Self:
        return self.order_by("at", "pk")


class TeamMessage(models.Model):
    """One message from the requester's page. Its words are erased with the booking; the times stay."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    booking = models.ForeignKey("bookings.Booking", on_delete=models.CASCADE, related_name="team_messages")
    at = models.DateTimeField(default=timezone.now)
    words = EncryptedTextField()
    read_at = models.DateTimeField(null=True, help_text="When an inspector said that she had read it.")
    read_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    objects = TeamMessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["booking", "at"], condition=Q(read_at=None), name="unread_team_messages")]
        constraints = [
            models.CheckConstraint(
                condition=Q(read_at=None, read_by=None) | Q(read_at__isnull=False, read_by__isnull=False),
                name="read_team_message_names_its_reader",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def details_opened(self) -> Opened:
        return Opened("team_message", "booking", self.booking_id)


def team_messages_on_walk(walk: Walk) -> dict[UUID, list[TeamMessage]]:
    """Return the messages of the walk's requesters, by booking. In a frozen one someone else may have written them."""
    found: dict[UUID, list[TeamMessage]] = {}
    for message in TeamMessage.objects.filter(booking__walk=walk, booking__frozen_at=None).in_order():
        found.setdefault(message.booking_id, []).append(message)
    return found
