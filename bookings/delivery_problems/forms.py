"""The forms for delivery problems: which list to show, and the requester's correct address."""

from django import forms
from django.http import QueryDict

from bookings.decisions.spoken_with import SpokenWithForm
from bookings.delivery_problems.actions import AddressCorrection
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class AddressForm(SpokenWithForm):
    button = "Correct it and send our news"
    may_be_not_spoken = True

    email = forms.EmailField(
        label="Her email address",
        help_text="As she spells it herself.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Enter her email address",
            "max_length": "Email address must be 254 characters or fewer",
        },
    )

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("email"), self.spoken_with_question())
        return layout

    def decision(self) -> AddressCorrection:
        return AddressCorrection(email=self.cleaned_data["email"], spoken=self.spoken_with())


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
