"""The history of concerns, and follow-up questions."""

import datetime
import uuid
from functools import cached_property
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from boroughs.models.officers import Officer
from feedback.models.concerns import Concern, Report
from feedback.statuses import RESOLVED_STATES, Feeling, FollowUpAnswer, State
from walkandtalk.lib.choices import ChoiceField, IntegerChoiceField
from walkandtalk.lib.database.append_only import append_only
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.reading import Opened

FOLLOW_UP_AFTER, FOLLOW_UP_WITHIN = datetime.timedelta(weeks=4), datetime.timedelta(weeks=8)


def _was_done_again(concern: str, at: str) -> Exists:
    """Whether something was done about the concern again later. Then we ask about that alone."""
    later = ConcernEvent.objects.filter(concern=OuterRef(concern), at__gt=OuterRef(at), to_state__in=RESOLVED_STATES)
    return Exists(later.exclude(from_state=F("to_state")))


class ConcernEventQuerySet(models.QuerySet["ConcernEvent"]):
    def due_for_follow_up(self, now: datetime.datetime) -> Self:
        """Return events that resolved a concern four to eight weeks ago and have no follow-up question yet."""
        done = self.filter(to_state__in=RESOLVED_STATES, at__lte=now - FOLLOW_UP_AFTER, at__gt=now - FOLLOW_UP_WITHIN)
        still = done.filter(concern__state__in=RESOLVED_STATES, concern__erased_at=None, follow_up=None)
        return still.exclude(_was_done_again("concern", "at")).order_by("at", "pk")


_Manager = models.Manager.from_queryset(ConcernEventQuerySet)


class ConcernEventManager(_Manager["ConcernEvent"]):
    def get_queryset(self) -> ConcernEventQuerySet:
        return ConcernEventQuerySet(self.model, using=self._db).select_related("written_texts")

    def record(self, concern: Concern, *, to_requester: str = "", internal: str = "", **fields: Any) -> "ConcernEvent":
        """Save an event, and its texts if it has any."""
        event: ConcernEvent = self.create(concern=concern, **fields)
        event.texts = ConcernEventTexts(event=event, to_requester=to_requester, internal=internal)
        if to_requester or internal:
            event.texts.save(force_insert=True)
        return event


class ConcernEvent(models.Model):
    """One line of a concern's history. It never changes. Its texts are in ConcernEventTexts."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    from_state = models.CharField(max_length=15, blank=True)
    to_state = ChoiceField(max_length=15, choices=State.choices)
    done_date = models.DateField(null=True, help_text="When it was or will be done.")

    objects = ConcernEventManager()

    class Meta:
        ordering = ["at", "uuid"]
        indexes = [models.Index(fields=["at"], condition=Q(to_state__in=sorted(RESOLVED_STATES)), name="concerns_done")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_to_state_display()} {self.at:%Y-%m-%d %H:%M}"

    @cached_property
    def texts(self) -> "ConcernEventTexts":
        """What was written with it. Empty texts if nothing was, or if they have been erased."""
        return getattr(self, "written_texts", None) or ConcernEventTexts(event=self)

    @property
    def is_step(self) -> bool:
        """Whether the requester sees it on her page: a new state, or words to her. A new owner is neither."""
        return self.from_state != self.to_state or bool(self.to_requester)

    @property
    def to_requester(self) -> str:
        return self.texts.to_requester

    @property
    def internal(self) -> str:
        return self.texts.internal


class ConcernEventTexts(models.Model):
    """The texts of an event for the requester and for colleagues, which are deleted when they are erased."""

    event = models.OneToOneField(ConcernEvent, on_delete=models.CASCADE, primary_key=True, related_name="written_texts")
    to_requester = EncryptedTextField(default="")
    internal = EncryptedTextField(default="")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def details_opened(self) -> Opened:
        return Opened("concern", "concern", self.event.concern_id)


class FollowUpQuestionQuerySet(models.QuerySet["FollowUpQuestion"]):
    def unanswered_about(self, reports: models.QuerySet[Report]) -> Self:
        """Return the unanswered questions to one requester, in the order in which concerns are locked."""
        hers = self.filter(event__concern__report__in=reports, answer="")
        still = hers.filter(event__concern__state__in=RESOLVED_STATES, event__concern__erased_at=None)
        newest = still.exclude(_was_done_again("event__concern", "event__at"))
        return newest.select_related("event__concern__improvement").order_by("event__concern_id", "pk")


class FollowUpQuestion(models.Model):
    """A question to the requester, four weeks after something was done: is it better? At most one for each event."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.OneToOneField(ConcernEvent, on_delete=models.CASCADE, related_name="follow_up")
    asked_at = models.DateTimeField()
    answer = ChoiceField(max_length=8, choices=FollowUpAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    feeling = IntegerChoiceField(
        choices=Feeling.choices, null=True, help_text="How safe she feels there now. Report.before and .after are then."
    )

    objects = FollowUpQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_follow_up_answer_has_a_time",
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_later_feeling_goes_from_1_to_5_and_has_an_answer",
                condition=Q(feeling=None) | Q(feeling__range=(1, 5)) & ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.answer}"
