"""Decisions whose messages are still held, with what is needed to go back."""

import datetime
import itertools
from typing import Self
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib.choices import ChoiceField
from walks.models.walks import Assignment


class UndoableDecisionQuerySet(models.QuerySet["UndoableDecision"]):
    def visible_to(self, user: Officer) -> Self:
        """Return her own decisions, because nobody else may undo them."""
        return self.filter(by=user)

    def held(self, now: datetime.datetime) -> Self:
        """Return decisions whose messages have not left yet, the latest first."""
        return self.filter(undone_at=None, release_at__gt=now).order_by("-made_at")


class UndoableDecision(models.Model):
    """A decision of an inspector that she can undo until its messages leave. A job deletes it soon afterwards."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    kind = ChoiceField(max_length=32, choices=EventKind.choices)
    about_id = models.UUIDField(null=True, help_text="The booking that she decided on.")
    walk_id = models.UUIDField(null=True, help_text="The walk, if she decided on its page.")
    bookings = ArrayField(models.UUIDField(), help_text="Every booking that it may have changed.")
    versions = models.JSONField(help_text="The version of each booking after the decision.")
    made_at = models.DateTimeField(default=timezone.now)
    release_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    rows_before = models.JSONField(
        help_text="The rows that it changed, as the database had them: encrypted columns stay encrypted."
    )
    state_after = models.CharField(max_length=64, help_text="A hash of all the rows, to show that nobody changed them.")
    walks = ArrayField(models.UUIDField())
    events = ArrayField(models.UUIDField())
    messages = ArrayField(models.UUIDField())
    superseded = ArrayField(models.UUIDField())

    objects = UndoableDecisionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["by", "release_at"], condition=Q(undone_at=None), name="undoable_decisions")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


def is_walk_news_held(officer: Officer, now: datetime.datetime) -> bool:
    """Return whether a walk that she is or was on may yet go back to what it was before a held decision."""
    held = UndoableDecision.objects.held(now).values_list("walks", flat=True)
    walks = set(itertools.chain.from_iterable(held))
    return Assignment.objects.filter(officer=officer, walk__in=walks).exists()


def is_news_held(booking_id: object, version: int, now: datetime.datetime) -> bool:
    """Return whether the booking is as a decision left it whose messages are held, so its requester can't know yet."""
    held = UndoableDecision.objects.held(now).filter(bookings__contains=[booking_id])
    return any(decision.versions[str(booking_id)] == version for decision in held.only("versions"))
