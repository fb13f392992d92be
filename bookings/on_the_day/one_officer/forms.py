"""The form for a requester's spoken answer about walking with one officer."""

from django import forms

from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

YES, NO = "yes", "no"


class SpokenAnswerForm(PageForm):
    button = "Save what she said"

    answer = forms.ChoiceField(
        label="Is one officer all right for her?",
        widget=forms.RadioSelect,
        choices=[(YES, "Yes, one is all right"), (NO, "No: two, or she would rather not go")],
        error_messages={"required": "Choose what she said"},
    )
    spoken = forms.BooleanField(
        label="I rang the number that she gave, and she said so herself",
        error_messages={"required": "Ring her first: somebody else may have answered for her"},
    )

    @property
    def will_do(self) -> bool:
        return bool(self.cleaned_data["answer"] == YES)

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("answer"), Question("spoken"))
        return layout
