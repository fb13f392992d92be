"""The form for declining a change."""

from django import forms

from bookings.undo.preview_forms import PreviewedForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class DeclineChangeForm(PreviewedForm):
    button = "Tell her that the plan stands"

    words = forms.CharField(
        label="What would you like to tell her?",
        help_text="She reads these words as you write them. Be kind: say why, and what else she can do.",
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": "Write to her in your own words, so that she knows why and what she can do"},
    )

    @property
    def message_to_requester(self) -> str:
        return str(self.cleaned_data["words"])

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("words", rows=5))
        return layout
