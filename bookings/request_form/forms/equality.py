"""The equality questions, linked from the sent page. All are optional."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models.equality import EQUALITY, answers_to
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class EqualityForm(PageForm):
    button = _("Send these answers")
    is_cacheable = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in EQUALITY.items():
            self.fields[name] = forms.ChoiceField(
                label=question.label,
                choices=answers_to(name),
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": _("Select one of the answers shown")},
            )

    def question(self) -> LayoutObject:
        page: LayoutObject = Layout(*(Question(name, optional=False, size="s") for name in EQUALITY))
        return page

    def answers(self) -> dict[str, str]:
        """Return the answers that the requester gave."""
        return {name: answer for name, answer in self.cleaned_data.items() if answer}
