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
from walkandtalk.lib.govuk.layout import AnswerButtons, LayoutObject, Question
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

    @property
    def is_alone(self) -> bool:
        """Return whether this is the only question of its page. An inspector's pages have several, with prefixes."""
        return self.prefix is None

    @cached_property
    def bcu(self) -> BoroughCommandUnit:
        """Return the BCU of the area that the requester chose."""
        return BoroughCommandUnit.objects.get(boroughs__gss=self.answers["area"]["borough"])

    @property
    def ends_at(self) -> str:
        """Return the page where the form ends before this question, or "" if it is asked."""
        return ""

    @property
    def stays(self) -> bool:
        """Return whether the same page comes again once the answer is saved."""
        return False

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        return answer

    def is_complete(self) -> bool:
        """Return whether the answer may be saved."""
        return self.is_valid()

    def answers_given(self) -> dict[str, Answer]:
        """Return the answer of each question that this page asks."""
        return {self.answers_to: self.answer()}

    def answer(self) -> Answer:
        """Return values that JSON can hold, with "ends_at" if the form goes no further."""
        return self.cleaned_data


class ButtonsForm(QuestionForm):
    """A question with two answers, each a button. Beside other questions they are radio buttons."""

    button = ""
    asks: ClassVar[str]
    warning: ClassVar[str] = ""

    def question(self) -> LayoutObject:
        if self.is_alone:
            return AnswerButtons(self.asks, warning=self.warning)
        return Question(self.asks, inline=True)
