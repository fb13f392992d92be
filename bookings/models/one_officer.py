"""One-officer questions: will a requester walk with one officer when another cannot come?"""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import OfferAnswer
from boroughs.models.officers import Officer
from walkandtalk.lib.choices import ChoiceField
from walks.models.walks import Walk


class OneOfficerQuestionQuerySet(models.QuerySet["OneOfficerQuestion"]):
    def open(self) -> Self:
        return self.filter(answer="")

    def withdraw_open(self) -> None:
        """Withdraw the open questions, because the officers have changed or the booking has left the walk."""
        self.open().update(answer=OfferAnswer.WITHDRAWN, answered_at=timezone.now())


class OneOfficerQuestion(models.Model):
    """A one-officer question to one requester. One officer leads the walk only if every requester on it agrees."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="one_officer_questions")
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="one_officer_questions")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = ChoiceField(max_length=9, choices=OfferAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = OneOfficerQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(answer=""), name="one_open_question_about_one_officer"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="one_officer_question_is_answered_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
