"""The forms for officers on a walk: a no-show, and being called away."""

from django import forms

from bookings.on_the_day.actions import NoShow
from bookings.statuses import CallOutcome, Whereabouts
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class NoShowForm(PageForm):
    button = "She isn’t here"
    button_style = "warning"

    waited_minutes = forms.TypedChoiceField(
        label="How long have you waited since the start?",
        choices=[(10, "10 minutes"), (15, "15 minutes"), (20, "20 minutes"), (30, "30 minutes or more")],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how long you’ve waited"},
    )
    call_outcome = forms.TypedChoiceField(
        label="Have you rung her?",
        choices=CallOutcome.choices,
        coerce=CallOutcome,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you’ve rung her"},
    )

    def decision(self) -> NoShow:
        answers = self.cleaned_data
        return NoShow(waited_minutes=answers["waited_minutes"], call_outcome=answers["call_outcome"])

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("waited_minutes"), Question("call_outcome"))
        return layout


class CutShortForm(PageForm):
    button = "We’re called away"
    button_style = "warning"

    where = forms.TypedChoiceField(
        label="Where is she now?",
        choices=Whereabouts.choices,
        coerce=Whereabouts,
        widget=forms.RadioSelect,
        error_messages={"required": "Select where she is now"},
    )

    @property
    def whereabouts(self) -> Whereabouts:
        return Whereabouts(self.cleaned_data["where"])

    def question(self) -> LayoutObject:
        return Question("where")
