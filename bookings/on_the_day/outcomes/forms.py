"""The form for the outcome of a booking that officers did not close."""

from typing import Any

from django import forms

from bookings.decisions.forms import DecisionForm
from bookings.statuses import Status
from walkandtalk.lib.govuk.layout import LayoutObject, Question


class OutcomeForm(DecisionForm):
    button = "Save"

    OUTCOMES = {
        Status.COMPLETED: "It took place",
        Status.OFFICERS_ABSENT: "The officers didn’t come",
        Status.REQUESTER_ABSENT: "She didn’t come",
    }
    HINTS = {
        Status.OFFICERS_ABSENT: "We’ll apologise to her, and she can choose new times. It counts as our mistake.",
        Status.REQUESTER_ABSENT: "We’ll tell her that we didn’t meet, and how to ask again.",
    }

    outcome = forms.TypedChoiceField(
        label="What happened?",
        coerce=Status,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what happened"},
    )

    def __init__(self, *args: Any, allowed: list[Status], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(status.value, self.OUTCOMES[status]) for status in allowed]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]

    @property
    def chosen_outcome(self) -> Status:
        return Status(self.cleaned_data["outcome"])

    def question(self) -> LayoutObject:
        return Question("outcome", hints={status.value: hint for status, hint in self.HINTS.items()})
