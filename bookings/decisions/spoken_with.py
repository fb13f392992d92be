"""How an inspector spoke with the requester: the fields of a form, and the answer that goes to an action."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms

from bookings.models.bookings import Booking
from bookings.permissions import gave_number_for_calls
from bookings.statuses import ContactMethod
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, Question


@dataclass(frozen=True, kw_only=True)
class SpokenWith:
    """How the inspector spoke with the requester, and where if they met."""

    method: ContactMethod
    place: str = ""


class SpokenWithForm(PageForm):
    """Ask how the inspector spoke with the requester. By phone is a choice only if she gave us a number for calls."""

    may_be_not_spoken = False

    contact_method = forms.TypedChoiceField(
        label="How did you speak with her?",
        choices=ContactMethod.choices,
        coerce=ContactMethod,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how you spoke with her"},
    )
    contact_place = forms.CharField(
        label="Where did you meet her?",
        max_length=200,
        required=False,
        error_messages={"max_length": "Where you met her must be 200 characters or fewer"},
    )

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        methods = [ContactMethod.PHONE] if gave_number_for_calls(booking.contact) else []
        methods += [ContactMethod.IN_PERSON, *([ContactMethod.NOT_SPOKEN] if self.may_be_not_spoken else [])]
        choices = [(method.value, method.label) for method in methods]
        cast("forms.TypedChoiceField", self.fields["contact_method"]).choices = choices

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("contact_method") == ContactMethod.IN_PERSON and not answers.get("contact_place"):
            self.add_error("contact_place", "Enter where you met her")
        return answers

    def spoken_with(self) -> SpokenWith:
        method, place = self.cleaned_data["contact_method"], self.cleaned_data["contact_place"]
        return SpokenWith(method=method, place=place if method == ContactMethod.IN_PERSON else "")

    def spoken_with_question(self) -> Question:
        return Question("contact_method", reveal={ContactMethod.IN_PERSON.value: Layout(Question("contact_place"))})
