"""What officers are asked on a walk, and an inspector afterwards."""

from typing import Any

from django import forms

from bookings.forms.staff.decision import DecisionForm
from bookings.statuses import RangHer, Status, Whereabouts
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class NotThereForm(PageForm):
    button = "She is not here"
    button_style = "warning"

    waited = forms.TypedChoiceField(
        label="How long have you waited, after the start?",
        choices=[(10, "10 minutes"), (15, "15 minutes"), (20, "20 minutes"), (30, "30 minutes or more")],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how long you have waited"},
    )
    rang = forms.TypedChoiceField(
        label="Have you rung her?",
        choices=RangHer.choices,
        coerce=RangHer,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you have rung her"},
    )

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("waited"), Question("rang"))
        return layout


class CalledAwayForm(PageForm):
    button = "We are called away"
    button_style = "warning"

    where = forms.TypedChoiceField(
        label="Where is she now?",
        choices=Whereabouts.choices,
        coerce=Whereabouts,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where she is now"},
    )

    def question(self) -> LayoutObject:
        return Question("where")


class SettleForm(DecisionForm):
    button = "Save"

    OUTCOMES = {
        Status.COMPLETED: "It took place",
        Status.MISSED_BY_US: "We were not there",
        Status.MISSED_BY_HER: "She was not there",
    }
    HINTS = {
        Status.MISSED_BY_US: "She gets our apology, and a way to choose again. It counts as our mistake.",
        Status.MISSED_BY_HER: "She is told that we did not meet, and how to ask again.",
    }

    outcome = forms.TypedChoiceField(
        label="What became of it?",
        coerce=Status,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what became of it"},
    )

    def __init__(self, *args: Any, allowed: list[Status], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(status.value, self.OUTCOMES[status]) for status in allowed]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]

    def question(self) -> LayoutObject:
        return Question("outcome", hints={status.value: words for status, words in self.HINTS.items()})
