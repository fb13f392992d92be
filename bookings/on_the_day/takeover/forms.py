"""The form with which an officer chooses a colleague."""

from collections.abc import Sequence
from typing import Any

from django import forms

from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import LayoutObject, Question


class AskColleagueForm(PageForm):
    button = "Ask her"

    colleague = forms.TypedChoiceField(
        label="Who do you want to ask?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select a colleague",
            "invalid_choice": "This officer is no longer free then. Select someone else",
        },
    )

    def __init__(self, *args: Any, colleagues: Sequence[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._colleagues = {officer.pk: officer for officer in colleagues}
        choices = [(pk, officer.display_name) for pk, officer in self._colleagues.items()]
        self.fields["colleague"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> Officer:
        return self._colleagues[self.cleaned_data["colleague"]]

    def question(self) -> LayoutObject:
        return Question("colleague")
