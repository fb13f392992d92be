"""The forms for delivery problems: which list to show, and the requester's correct address."""

from typing import Any

from django import forms
from django.http import QueryDict

from bookings.delivery_problems.actions import AddressCorrection
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class AddressForm(PageForm):
    button = "Correct it and send her the news"

    email = forms.EmailField(
        label="Her email address",
        help_text="As she spells it herself, or as it is on file if that was right.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter her email address",
            "max_length": "Email address must be 254 characters or fewer",
        },
    )
    given_by_requester = forms.TypedChoiceField(
        label="Has she told you this address herself?",
        help_text="If not, we ask at the new address whether it is hers, and write no names or phrase there before.",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes, when I rang the number that she gave us"), ("no", "No, or I am not sure")],
        coerce=lambda answer: answer == "yes",
        error_messages={"required": "Choose whether she has told you this address herself"},
    )

    def __init__(self, *args: Any, may_ask_her: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_ask_her:
            del self.fields["given_by_requester"]

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(*map(Question, self.fields))
        return layout

    def decision(self) -> AddressCorrection:
        answers = self.cleaned_data
        return AddressCorrection(email=answers["email"], given_by_requester=bool(answers.get("given_by_requester")))


class DeliveryProblemsForm(forms.Form):
    """The lists to show: all of them, or one from a given page. Ignore invalid values in the URL."""

    LISTS = {"women": "To women", "officers": "To officers", "teams": "To the team"}
    LAST_PAGE = 100

    show = forms.ChoiceField(choices=list(LISTS.items()), required=False)
    page = forms.IntegerField(min_value=1, max_value=LAST_PAGE, required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.full_clean()

    @property
    def shown(self) -> str:
        """The list to show, or "" for all lists."""
        return self.cleaned_data.get("show") or ""

    @property
    def page_number(self) -> int:
        return (self.cleaned_data.get("page") or 1) if self.shown else 1

    def shows(self, name: str) -> bool:
        return self.shown in ("", name)
