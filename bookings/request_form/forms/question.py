"""What every question of a request has in common."""

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from bookings.request_form.questions import Answer, Answers
from boroughs.models.bcus import BoroughCommandUnit
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.macros import Text


def yes_or_no(label: Text, *, missing: Text, hint: Text = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": missing},
    )


class QuestionForm(PageForm):
    """One question: it begins with what she said before, and says how her answer is kept."""

    answers_to: ClassVar[str]
    is_cacheable: bool = True
    template: ClassVar[str] = "bookings/request_form/question.html"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        answers: Answers,
        today: datetime.date,
        prefix: str | None = None,
    ) -> None:
        """`prefix` is for a page with several questions."""
        self.answers = answers
        self.today = today
        super().__init__(data, initial=self.begin_with(answers.get(self.answers_to) or {}), prefix=prefix)

    @cached_property
    def bcu(self) -> BoroughCommandUnit:
        """The BCU that she asks, once she has said where."""
        return BoroughCommandUnit.objects.get(boroughs__gss=self.answers["area"]["borough"])

    @property
    def ends_at(self) -> str:
        """The page where the form ends before this is even asked. Empty where it is asked."""
        return ""

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        return answer

    def is_complete(self) -> bool:
        """May the answer be kept?"""
        return self.is_valid()

    def answer(self) -> Answer:
        """Plain values that JSON can hold, and "ends_at" where the form goes no further."""
        return self.cleaned_data
