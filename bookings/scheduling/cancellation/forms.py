"""The form for cancelling a walk."""

from typing import Any

from django import forms

from bookings.scheduling.cancellation.actions import Cancellation
from bookings.statuses import CancelReason
from bookings.undo.preview_forms import PreviewedForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class CancelForm(PreviewedForm):
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
        help_text="Other women are on this walk as well. We tell each of them separately.",
        choices=[("no", "For her alone: the others walk without her"), ("yes", "For all: nobody will be there")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the walk is cancelled for her alone or for all of them"},
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
        scope = [Question("whole_walk")] if self.is_shared_walk else []
        layout: LayoutObject = Layout(*scope, Question("reason"), Question("words", rows=4))
        return layout
