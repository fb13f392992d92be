"""The form for cancelling a walk."""

from typing import Any

from django import forms

from bookings.scheduling.cancellation.actions import Cancellation
from bookings.statuses import CancelReason
from bookings.undo.preview_forms import PreviewedForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class CancelForm(PreviewedForm):
    button = "Cancel the walk"
    button_style = "warning"

    reason = forms.TypedChoiceField(
        label="Reason",
        help_text="She reads: “We cancelled because …”",
        choices=CancelReason.choices,
        coerce=CancelReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why the walk is cancelled"},
    )
    words = forms.CharField(
        label="Message to her",
        help_text="She reads this word for word.",
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )

    whole_walk = forms.TypedChoiceField(
        label="Who is it cancelled for?",
        help_text="Other women are on this walk too. We tell each of them separately.",
        choices=[("no", "Only for her: the others still walk"), ("yes", "For everyone: no officers will come")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether the walk is cancelled for her or for everyone"},
    )

    def __init__(self, *args: Any, is_shared_walk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_shared_walk = is_shared_walk
        if not is_shared_walk:
            del self.fields["whole_walk"]

    @property
    def is_for_whole_walk(self) -> bool:
        return bool(self.cleaned_data.get("whole_walk"))

    def decision(self) -> Cancellation:
        return Cancellation(reason=self.cleaned_data["reason"], message=self.cleaned_data["words"])

    def question(self) -> LayoutObject:
        scope = [Question("whole_walk", small=True)] if self.is_shared_walk else []
        layout: LayoutObject = Layout(*scope, Question("reason", small=True), Question("words", rows=4))
        return layout
