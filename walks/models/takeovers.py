"""An officer's question to a colleague: can you take my place on this walk?"""

import datetime
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from boroughs.models.officers import Officer
from walkandtalk.lib.choices import ChoiceField
from walks.models.walks import START_OPEN_BEFORE, Assignment, Walk
from walks.statuses import TakeoverAnswer, WalkStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class TakeoverQuerySet(models.QuerySet["Takeover"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the questions that this officer asked or was asked; for an inspector, also those of her walks."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        return self.filter(
            Q(asked_by=user) | Q(colleague=user) | Q(walk__in=Walk.objects.decided_by(user).values("pk"))
        )

    def of(self, officer: Officer) -> Self:
        """Return the questions that this officer asked or was asked."""
        return self.filter(Q(asked_by=officer) | Q(colleague=officer))

    def open(self, now: datetime.datetime) -> Self:
        """Return the questions that can still be answered.

        A question ends an hour before the walk, and when the walk is moved or cancelled or the officer has left it.
        """
        still_on_it = Assignment.objects.filter(walk=OuterRef("walk"), officer=OuterRef("asked_by"), is_live=True)
        unchanged = self.filter(walk__status=WalkStatus.SCHEDULED, walk__start_at=F("start_at"))
        return unchanged.filter(Exists(still_on_it), start_at__gt=now + START_OPEN_BEFORE, answer="")


class Takeover(models.Model):
    """A question of an officer on a walk to one colleague. It holds no detail of a requester."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="takeovers")
    asked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    colleague = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    start_at = models.DateTimeField(help_text="The start of the walk when she was asked.")
    at = models.DateTimeField(default=timezone.now)
    answer = ChoiceField(max_length=9, choices=TakeoverAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = TakeoverQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["colleague"], condition=Q(answer=""), name="takeovers_to_answer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["walk", "asked_by"], condition=Q(answer=""), name="officer_asks_one_colleague_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("colleague")), name="officer_asks_somebody_else"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
