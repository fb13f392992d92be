"""The form for a requester's spoken answer about walking with one officer."""

from django import forms

from bookings.decisions.spoken_with import SpokenWithForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

YES, NO = "yes", "no"


class SpokenAnswerForm(SpokenWithForm):
    button = "Save her answer"

    answer = forms.ChoiceField(
        label="Is one officer enough?",
        widget=forms.RadioSelect,
        choices=[(YES, "Yes, one is enough"), (NO, "No, she wants two")],
        error_messages={"required": "Select her answer"},
    )

    @property
    def will_do(self) -> bool:
        return bool(self.cleaned_data["answer"] == YES)

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("answer"), self.spoken_with_question())
        return layout
