"""Answers to the equality questions: counters, and nothing that leads from one to a woman or to another answer."""

import datetime
from collections.abc import Mapping

from django.db import connection, models

from bookings.equality import EQUALITY, answers_to

FEWEST_SHOWN = 10
ROUNDED_TO = 5


class EqualityCountManager(models.Manager["EqualityCount"]):
    def add(self, answers: Mapping[str, str], *, month: datetime.date) -> None:
        """One more of each answer, in one query."""
        if not answers:
            return
        rows = [(month.replace(day=1), question, answer) for question, answer in sorted(answers.items())]
        with connection.cursor() as cursor:
            cursor.execute(
                f"""INSERT INTO bookings_equalitycount (month, question, answer, count)
                VALUES {", ".join(["(%s, %s, %s, 1)"] * len(rows))}
                ON CONFLICT (month, question, answer) DO UPDATE SET count = bookings_equalitycount.count + 1""",  # noqa: S608  # as many places as rows
                [value for row in rows for value in row],
            )


class EqualityCount(models.Model):
    """How many gave this answer in this month. Never a row a woman: no key, and no time finer than a month."""

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
        return str(EQUALITY[self.question].words) if self.question in EQUALITY else self.question

    def answer_in_words(self) -> str:
        known = dict(answers_to(self.question)) if self.question in EQUALITY else {}
        return str(known.get(self.answer, self.answer))

    def shown(self) -> str:
        """Few are not told apart from none, and more are rounded: nobody can count one woman in or out."""
        if self.count < FEWEST_SHOWN:
            return f"fewer than {FEWEST_SHOWN}"
        return f"about {round(self.count / ROUNDED_TO) * ROUNDED_TO}"
