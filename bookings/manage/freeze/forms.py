"""The form with which an inspector of another BCU lifts a freeze."""

from typing import Any

from django import forms

from bookings.decisions.spoken_with import SpokenWithForm
from bookings.manage.freeze.actions import Unfreeze
from bookings.models.bookings import Booking
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class LiftFreezeForm(SpokenWithForm):
    button = "Open her request again, and make a PIN"

    email = forms.EmailField(
        label="Her right email address",
        help_text="As she tells you now. Leave it empty if the address on file is right, or if she wants no email.",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    returns_to_team = forms.TypedChoiceField(
        label="Who should look after her request from now on?",
        help_text="Ask her.",
        choices=[("no", "I should, and keep it from the other team"), ("yes", "The team that had it before")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Select who should look after her request from now on"},
    )

    def __init__(self, data: Any = None, *, booking: Booking, **kwargs: Any) -> None:
        super().__init__(data, booking=booking, **kwargs)

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(self.spoken_with_question(), Question("email"), Question("returns_to_team"))
        return layout

    def decision(self) -> Unfreeze:
        answers = self.cleaned_data
        return Unfreeze(spoken=self.spoken_with(), email=answers["email"], returns_to_team=answers["returns_to_team"])
