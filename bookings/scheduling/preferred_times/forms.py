"""The form for declining a change."""

from django import forms

from bookings.undo.preview_forms import PreviewedForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class DeclineChangeForm(PreviewedForm):
    button = "Keep the walk"

    words = forms.CharField(
        label="Message to her",
        help_text="She reads this word for word. Say why, and what else she can do.",
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": "Enter a message that says why, and what she can do"},
    )

    @property
    def message_to_requester(self) -> str:
        return str(self.cleaned_data["words"])

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("words", rows=5))
        return layout
