"""What inspectors and officers are asked."""

from django import forms

from bookings.statuses import CancelReason, DeclineReason
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class DeclineForm(PageForm):
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
    words = forms.CharField(
        label="What else should she know?",
        help_text="She reads these words as you write them. Say what she can do instead, and name no other person.",
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": "Write to her in your own words, so that she knows what she can do instead"},
    )

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("reason"), Question("words", rows=5))
        return layout


class CancelForm(PageForm):
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

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("reason"), Question("words", rows=4))
        return layout
