"""The reason for declining a request, and what the requester can do instead."""

from typing import Any

from django import forms

from bookings.statuses import REASONS_NEEDING_TEXT, DeclineAlternative, DeclineReason
from bookings.triage.decline.actions import Decline
from bookings.undo.preview_forms import PreviewedForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class DeclineForm(PreviewedForm):
    button = "Decline"
    button_style = "warning"

    reason = forms.TypedChoiceField(
        label="Reason",
        help_text="She reads: “We can’t arrange this walk, because …”",
        choices=DeclineReason.choices,
        coerce=DeclineReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why you are declining"},
    )
    alternatives = forms.TypedMultipleChoiceField(
        label="What can she do instead?",
        help_text="Tick all that would help her. She reads them as a list.",
        choices=DeclineAlternative.choices,
        coerce=DeclineAlternative,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one thing that she can do instead"},
    )
    words = forms.CharField(
        label="Message to her",
        help_text="She reads this word for word. Don’t name anyone else.",
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        need_text = REASONS_NEEDING_TEXT & {answers.get("reason"), *answers.get("alternatives", [])}
        if need_text and not answers.get("words"):
            self.add_error("words", "Enter a message: your answers say that you explain below")
        return answers

    def decision(self) -> Decline:
        answers = self.cleaned_data
        return Decline(reason=answers["reason"], alternatives=tuple(answers["alternatives"]), message=answers["words"])

    def question(self) -> LayoutObject:
        choices = (Question(name, small=True) for name in ("reason", "alternatives"))
        layout: LayoutObject = Layout(*choices, Question("words", rows=4))
        return layout
