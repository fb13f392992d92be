"""What inspectors and officers are asked."""

from typing import Any

from django import forms

from bookings.forms.staff.decision import DecisionForm
from bookings.statuses import NEEDS_WORDS, CancelReason, DeclineAlternative, DeclineReason
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class DeclineForm(DecisionForm):
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
        promised = NEEDS_WORDS & {answers.get("reason"), *answers.get("alternatives", [])}
        if promised and not answers.get("words"):
            self.add_error("words", "Write what she reads next: your choices say that you explain below")
        return answers

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("reason"), Question("alternatives"), Question("words", rows=5))
        return layout


class KeepPlanForm(DecisionForm):
    button = "Tell her that the plan stands"

    words = forms.CharField(
        label="What would you like to tell her?",
        help_text="She reads these words as you write them. Be kind: say why, and what else she can do.",
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": "Write to her in your own words, so that she knows why and what she can do"},
    )

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("words", rows=5))
        return layout


class CancelForm(DecisionForm):
    button = "Cancel this walk and tell her now"
    button_style = "warning"

    reason = forms.TypedChoiceField(
        label="Why is this walk cancelled?",
        help_text="She reads: “We cancelled because …”",
        choices=CancelReason.choices,
        coerce=CancelReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why this walk is cancelled"},
    )
    words = forms.CharField(
        label="Anything else to tell her?",
        help_text="She reads these words as you write them.",
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )

    whole_walk = forms.TypedChoiceField(
        label="For whom?",
        help_text="Other women are on this walk as well. Each of them is told by herself.",
        choices=[("no", "For her alone: the others walk without her"), ("yes", "For all: nobody will be there")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the walk is cancelled for her alone or for all of them"},
    )

    def __init__(self, *args: Any, is_shared: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_shared = is_shared
        if not is_shared:
            del self.fields["whole_walk"]

    def question(self) -> LayoutObject:
        whom = [Question("whole_walk")] if self.is_shared else []
        layout: LayoutObject = Layout(*whom, Question("reason"), Question("words", rows=4))
        return layout
