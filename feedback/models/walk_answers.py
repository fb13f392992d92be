"""The three questions about a walk and its officers. Only totals are kept (docs/rules.md#about-the-walk)."""

import datetime
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from bookings.models.bookings import Booking
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.govuk.macros import Text
from walkandtalk.lib.rows import save_changes

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

FEWEST_SHOWN = 5
"""The answers of a month are shown, and kept after it, only if at least this many women gave them."""
DIGITS = 6


class WalkAnswer(TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


WALK_QUESTIONS: dict[str, Text] = {
    "listened": _("Did the officers listen to you?"),
    "as_told": _("Were the time, the place and the officers as we’d told you?"),
    "again": _("Would you walk with us again?"),
}

Answers = Mapping[str, WalkAnswer]
"""The answer of one woman to each question that she didn't leave out."""
Totals = dict[tuple[str, WalkAnswer], int]
"""The number of times each answer was given to each question."""


def answers_to(question: str) -> list[tuple[str, Text]]:
    """Return the answers to one question in her words: nobody walks again “partly”."""
    labels = {answer: answer.label for answer in WalkAnswer}
    if question == "again":
        labels[WalkAnswer.PARTLY] = _("Maybe")
    return [(answer.value, label) for answer, label in labels.items()]


CELLS = [(question, answer) for question in WALK_QUESTIONS for answer in WalkAnswer]


class WalkAnswersQuerySet(models.QuerySet["WalkAnswers"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the totals of an inspector's own BCU, or of all for a lead. Officers never see them."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.LEAD:
            return self.all()
        return self.filter(bcu=user.bcu_id) if user.role == Officer.Role.INSPECTOR and user.bcu_id else self.none()

    def of_months_over(self, today: datetime.date) -> Self:
        """Return the totals that can't change any more. One that grows while someone reloads would show an answer."""
        return self.filter(month__lt=today.replace(day=1))

    def add(self, bcu: BoroughCommandUnit, answers: Answers, *, month: datetime.date) -> None:
        """Add the answers of one woman. The caller has a transaction."""
        none = {"sealed_totals": _seal(dict.fromkeys(CELLS, 0))}
        found, _is_new = self.get_or_create(bcu=bcu, month=month.replace(day=1), defaults=none)
        row = self.select_for_update(no_key=True).get(pk=found.pk)
        totals = row.totals
        for question, answer in answers.items():
            totals[question, answer] += 1
        save_changes(row, women=row.women + 1, sealed_totals=_seal(totals))


def _seal(totals: Totals) -> str:
    """Return text that is always equally long, so that the length of what is encrypted says nothing."""
    return "".join(f"{totals[cell]:0{DIGITS}}" for cell in CELLS)


class WalkAnswers(models.Model):
    """The totals of one BCU in one month. No row belongs to a woman, a walk or an officer.

    Encrypted, because a total that grew at the moment when a certain woman answered would be her answer.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    women = models.PositiveIntegerField(default=0)
    sealed_totals = EncryptedTextField()

    objects = WalkAnswersQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bcu", "month"], name="one_row_of_walk_answers_a_bcu_and_month"),
            models.CheckConstraint(name="walk_answers_begin_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.bcu_id} {self.month:%Y-%m}"

    @property
    def totals(self) -> Totals:
        sealed = self.sealed_totals
        return {cell: int(sealed[DIGITS * n : DIGITS * (n + 1)]) for n, cell in enumerate(CELLS)}


class AnsweredAboutWalk(models.Model):
    """A booking whose requester has answered, so that she is asked once. It has neither the answers nor a time."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.booking_id)
