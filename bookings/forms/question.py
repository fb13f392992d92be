"""What every question of a request has in common."""

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from bookings.questions import Answer, Answers
from walkandtalk.lib.govuk.forms import PageForm


class QuestionForm(PageForm):
    """One question: it begins with what she said before, and says how her answer is kept."""

    answers_to: ClassVar[str]
    same_for_everybody = True
    template: ClassVar[str] = "bookings/request/question.html"

    def __init__(self, data: Mapping[str, Any] | None = None, *, answers: Answers, today: datetime.date) -> None:
        self.answers = answers
        self.today = today
        super().__init__(data, initial=self.begin_with(answers.get(self.answers_to) or {}))

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        return answer

    @property
    def is_closed(self) -> bool:
        """Is there nothing to choose from, because the team of her area takes no requests for a while?"""
        return False

    def is_complete(self) -> bool:
        """May the answer be kept?"""
        return self.is_valid()

    def answer(self) -> Answer:
        """Plain values that JSON can hold, and "ends_at" where the form goes no further."""
        return self.cleaned_data
