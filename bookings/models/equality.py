"""The equality questions, in the ONS harmonised wording. All are optional (docs/rules.md#equality-questions)."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from walkandtalk.lib.govuk.macros import Text

PREFER_NOT_TO_SAY = "not_said"
HEALTH = _("Do you have any physical or mental health conditions or illnesses lasting or expected to last 12 months?")


@dataclass(frozen=True)
class EqualityQuestion:
    label: Text
    answers: dict[str, Text]


EQUALITY: dict[str, EqualityQuestion] = {
    "age": EqualityQuestion(
        _("How old are you?"),
        {
            "18_24": _("18 to 24"),
            "25_34": _("25 to 34"),
            "35_44": _("35 to 44"),
            "45_54": _("45 to 54"),
            "55_64": _("55 to 64"),
            "65_74": _("65 to 74"),
            "75": _("75 or over"),
        },
    ),
    "ethnic_group": EqualityQuestion(
        _("What is your ethnic group?"),
        {
            "asian": _("Asian or Asian British"),
            "black": _("Black, Black British, Caribbean or African"),
            "mixed": _("Mixed or multiple ethnic groups"),
            "white": _("White"),
            "other": _("Other ethnic group"),
        },
    ),
    "condition": EqualityQuestion(HEALTH, {"yes": _("Yes"), "no": _("No")}),
    "disability": EqualityQuestion(
        _("If so, do any of them reduce your ability to carry out day-to-day activities?"),
        {"a_lot": _("Yes, a lot"), "a_little": _("Yes, a little"), "no": _("Not at all")},
    ),
    "religion": EqualityQuestion(
        _("What is your religion?"),
        {
            "none": _("No religion"),
            "christian": _("Christian (all denominations)"),
            "buddhist": _("Buddhist"),
            "hindu": _("Hindu"),
            "jewish": _("Jewish"),
            "muslim": _("Muslim"),
            "sikh": _("Sikh"),
            "other": _("Any other religion"),
        },
    ),
    "orientation": EqualityQuestion(
        _("Which of the following best describes your sexual orientation?"),
        {
            "straight": _("Straight or heterosexual"),
            "gay": _("Gay or lesbian"),
            "bisexual": _("Bisexual"),
            "other": _("Other sexual orientation"),
        },
    ),
    "gender": EqualityQuestion(
        _("Is the gender you identify with the same as your sex registered at birth?"),
        {"yes": _("Yes"), "no": _("No")},
    ),
}


def answers_to(question: str) -> list[tuple[str, Text]]:
    """Return the answers that a requester can choose from, with "Prefer not to say" last."""
    return [*EQUALITY[question].answers.items(), (PREFER_NOT_TO_SAY, _("Prefer not to say"))]


SMALLEST_SHOWN = 10
ROUNDED_TO = 5


class EqualityCountManager(models.Manager["EqualityCount"]):
    def add(self, answers: Mapping[str, str], *, month: datetime.date) -> None:
        """Add one to the count of each answer, in one query."""
        if not answers:
            return
        rows = [(month.replace(day=1), question, answer) for question, answer in sorted(answers.items())]
        with connection.cursor() as cursor:
            cursor.execute(
                f"""INSERT INTO bookings_equalitycount (month, question, answer, count)
                VALUES {", ".join(["(%s, %s, %s, 1)"] * len(rows))}
                ON CONFLICT (month, question, answer) DO UPDATE SET count = bookings_equalitycount.count + 1""",  # noqa: S608  # only placeholders are added
                [value for row in rows for value in row],
            )


class EqualityCount(models.Model):
    """The number of times one answer was given to one question in a month.

    No row identifies a requester: it has no key to her, and no time more exact than the month.
    """

    month = models.DateField()
    question = models.CharField(max_length=16)
    answer = models.CharField(max_length=16)
    count = models.PositiveIntegerField(default=0)

    objects = EqualityCountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "question", "answer"], name="one_count_a_month_and_answer")
        ]

    def __str__(self) -> str:
        return f"{self.question_in_words()}: {self.answer_in_words()}"

    def question_in_words(self) -> str:
        return str(EQUALITY[self.question].label) if self.question in EQUALITY else self.question

    def answer_in_words(self) -> str:
        labels = dict(answers_to(self.question)) if self.question in EQUALITY else {}
        return str(labels.get(self.answer, self.answer))

    def shown(self) -> str:
        """Return the count, rounded, or "fewer than 10", so that nobody can tell whether one woman is counted."""
        if self.count < SMALLEST_SHOWN:
            return f"fewer than {SMALLEST_SHOWN}"
        return f"about {round(self.count / ROUNDED_TO) * ROUNDED_TO}"
