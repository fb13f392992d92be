"""Events: the history of bookings and walks."""

from functools import cached_property
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import AUDITED_EVENT_KINDS, CLAIM_EVENT_KINDS, COUNTED_EVENT_KINDS, EventKind
from boroughs.models.officers import Officer, is_auditor
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.database.append_only import append_only
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.reading import Opened
from walks.models.walks import Walk

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


NOT_UNDONE = Q(undone_by=None) & ~Q(kind=EventKind.UNDONE)
"""Events as if no decision had been undone, because the requester never heard of one that was."""


class EventManager(models.Manager["Event"]):
    def get_queryset(self) -> models.QuerySet["Event"]:
        return super().get_queryset().select_related("written_note")

    def visible_to(self, user: "Officer | AnonymousUser") -> models.QuerySet["Event"]:
        """Return every event to an auditor, without the notes, and none to anyone else."""
        rows = super().get_queryset()
        return rows if is_auditor(user) else rows.none()


class Event(models.Model):
    """One line of history, saved in the same transaction as the change that it records. It never changes."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, related_name="events")
    walk = models.ForeignKey(Walk, on_delete=models.PROTECT, null=True, related_name="events")
    kind = ChoiceField(max_length=32, choices=EventKind.choices)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    from_status = models.CharField(max_length=24, blank=True)
    to_status = models.CharField(max_length=24, blank=True)
    code = models.CharField(max_length=24, blank=True)
    version = models.PositiveIntegerField(
        null=True, editable=False, help_text="The version of the booking or walk after this event."
    )
    # Without a constraint, because old events are deleted, the earlier of the two first.
    undoes = models.ForeignKey(
        "self",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        editable=False,
        related_name="undone_by",
        help_text="The event of the decision that this event undid.",
    )

    objects = EventManager()

    class Meta:
        ordering = ["at", "uuid"]
        triggers = append_only()
        indexes = [
            models.Index(fields=["booking", "at"], name="history_of_a_booking"),
            models.Index(fields=["at"], name="events_by_time"),  # for their deletion
            models.Index(
                fields=["at"],
                condition=Q(kind__in=COUNTED_EVENT_KINDS),
                name="events_that_are_counted",
                include=["kind"],
            ),
            models.Index(fields=["booking", "at"], condition=Q(kind__in=CLAIM_EVENT_KINDS), name="claims_of_a_booking"),
            models.Index(fields=["at"], condition=Q(kind__in=AUDITED_EVENT_KINDS), name="events_that_are_audited"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["undoes"], condition=Q(undoes__isnull=False), name="a_decision_is_undone_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"

    @cached_property
    def note(self) -> str:
        """What was written with it, or "" if nothing was, or if it has been erased."""
        written = getattr(self, "written_note", None)
        return written.text if written is not None else ""


class EventNote(models.Model):
    """The note of an event, in a row of its own, because a note is deleted when the booking or walk is erased."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, primary_key=True, related_name="written_note")
    text = EncryptedTextField()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def details_opened(self) -> Opened | None:
        pk = self.event.booking_id
        return None if pk is None else Opened("note", "booking", pk)
