"""The base class of the question forms."""

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
    """One question of a request. It shows the saved answer, and decides how the new one is saved."""

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
        """Pass a `prefix` if the page has several questions."""
        self.answers = answers
        self.today = today
        super().__init__(data, initial=self.begin_with(answers.get(self.answers_to) or {}), prefix=prefix)

    @cached_property
    def bcu(self) -> BoroughCommandUnit:
        """Return the BCU of the area that the requester chose."""
        return BoroughCommandUnit.objects.get(boroughs__gss=self.answers["area"]["borough"])

    @property
    def ends_at(self) -> str:
        """Return the page where the form ends before this question, or "" if it is asked."""
        return ""

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        return answer

    def is_complete(self) -> bool:
        """Return whether the answer may be saved."""
        return self.is_valid()

    def answer(self) -> Answer:
        """Return values that JSON can hold, with "ends_at" if the form goes no further."""
        return self.cleaned_data
