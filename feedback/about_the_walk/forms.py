"""The three questions about the walk. All are optional."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.models.walk_answers import WALK_QUESTIONS, Answers, WalkAnswer, answers_to
from feedback.reports.forms import one_of
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class AboutTheWalkForm(PageForm):
    button = gettext_lazy("Send your answers")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in WALK_QUESTIONS.items():
            self.fields[name] = one_of(label, answers_to(name))

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(*(Question(name, optional=False) for name in WALK_QUESTIONS))
        return layout

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.answers():
            self.add_error(next(iter(WALK_QUESTIONS)), _("Select an answer to at least one question"))
        return cleaned

    def answers(self) -> Answers:
        said = {name: self.cleaned_data.get(name) for name in WALK_QUESTIONS}
        return {name: WalkAnswer(answer) for name, answer in said.items() if answer}
