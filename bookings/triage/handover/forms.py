"""The form for handing a booking over."""

from typing import Any

from django import forms

from bookings.decisions.forms import DecisionForm
from bookings.triage.handover.actions import Handover
from boroughs.models.bcus import BoroughCommandUnit
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class HandOverForm(DecisionForm):
    button = "Hand over"

    to = forms.ModelChoiceField(
        label="Hand over to",
        queryset=BoroughCommandUnit.objects.none(),
        empty_label="Choose a BCU",
        error_messages={
            "required": "Select the BCU that takes over",
            "invalid_choice": "Select one of these BCUs",
        },
    )
    note = forms.CharField(
        label="Note to the other team",
        help_text="Why it’s theirs, and what you’ve told her so far. Only they read this.",
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": "Enter what the other team needs to know"},
    )

    def __init__(self, *args: Any, without: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bcus = BoroughCommandUnit.objects.exclude(pk__in=without).order_by("name")
        self.fields["to"].queryset = bcus  # type: ignore[attr-defined]

    def decision(self) -> Handover:
        return Handover(to=self.cleaned_data["to"], note=self.cleaned_data["note"])

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("to"), Question("note", rows=5))
        return layout
