"""The reason for declining a request, and what the requester can do instead."""

from typing import Any

from django import forms

from bookings.statuses import REASONS_NEEDING_TEXT, DeclineAlternative, DeclineReason
from bookings.triage.decline.actions import Decline
from bookings.undo.preview_forms import PreviewedForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class DeclineForm(PreviewedForm):
    button = "Decline this booking"
    button_style = "warning"

    reason = forms.TypedChoiceField(
        label="Why can this walk not be arranged?",
        help_text="She reads: “We cannot arrange this walk, because …”",
        choices=DeclineReason.choices,
        coerce=DeclineReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why this walk cannot be arranged"},
    )
    alternatives = forms.TypedMultipleChoiceField(
        label="What can she do instead?",
        help_text="She reads them as a list. Choose all that would help her.",
        choices=DeclineAlternative.choices,
        coerce=DeclineAlternative,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that she can do instead"},
    )
    words = forms.CharField(
        label="What else should she know?",
        help_text="She reads these words as you write them. Name no other person.",
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        need_text = REASONS_NEEDING_TEXT & {answers.get("reason"), *answers.get("alternatives", [])}
        if need_text and not answers.get("words"):
            self.add_error("words", "Write what she reads next: your choices say that you explain below")
        return answers

    def decision(self) -> Decline:
        answers = self.cleaned_data
        return Decline(reason=answers["reason"], alternatives=tuple(answers["alternatives"]), message=answers["words"])

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("reason"), Question("alternatives"), Question("words", rows=5))
        return layout
