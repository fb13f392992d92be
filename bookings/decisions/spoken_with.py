"""How an inspector spoke with the requester: the fields of a form, and the answer that goes to an action."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms

from bookings.models.bookings import Booking
from bookings.permissions import gave_number_for_calls
from bookings.read_log import require_number_opened
from bookings.statuses import ContactMethod
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, Question


@dataclass(frozen=True, kw_only=True)
class SpokenWith:
    """How the inspector spoke with the requester: where if they met, or why on another number."""

    method: ContactMethod
    place: str = ""
    why: str = ""

    @property
    def note(self) -> str:
        """The place, or the reason for another number, as the event keeps it."""
        return self.place or self.why


BY_PHONE = SpokenWith(method=ContactMethod.PHONE)


def check_spoken_with(booking: Booking, spoken: SpokenWith, *, by: Officer) -> None:
    """Raise ActionError if this person says that she rang, but has not opened the requester's number in the last hour.

    Another number is one that differs from the requester's, so that had to be opened too, if she gave one.
    """
    is_other_than_hers = spoken.method == ContactMethod.OTHER_NUMBER and bool(booking.contact.phone)
    if spoken.method == ContactMethod.PHONE or is_other_than_hers:
        require_number_opened(booking, by=by)


class SpokenWithForm(PageForm):
    """Ask how the inspector spoke with the requester. By phone is a choice only if she gave us a number for calls."""

    may_be_not_spoken = False
    may_be_other_number = False

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

    contact_why = forms.CharField(
        label="Which number, and why not the one she gave?",
        max_length=200,
        required=False,
        error_messages={"max_length": "Which number and why must be 200 characters or fewer"},
    )

    def __init__(self, *args: Any, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        methods = [ContactMethod.PHONE] if gave_number_for_calls(booking.contact) else []
        methods += [ContactMethod.OTHER_NUMBER] if self.may_be_other_number else []
        methods += [ContactMethod.IN_PERSON, *([ContactMethod.NOT_SPOKEN] if self.may_be_not_spoken else [])]
        choices = [(method.value, method.label) for method in methods]
        cast("forms.TypedChoiceField", self.fields["contact_method"]).choices = choices

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if answers.get("contact_method") == ContactMethod.IN_PERSON and not answers.get("contact_place"):
            self.add_error("contact_place", "Enter where you met her")
        if answers.get("contact_method") == ContactMethod.OTHER_NUMBER and not answers.get("contact_why"):
            self.add_error("contact_why", "Enter which number it was, and why you used it")
        return answers

    def spoken_with(self) -> SpokenWith:
        method, place, why = (self.cleaned_data[name] for name in ("contact_method", "contact_place", "contact_why"))
        return SpokenWith(
            method=method,
            place=place if method == ContactMethod.IN_PERSON else "",
            why=why if method == ContactMethod.OTHER_NUMBER else "",
        )

    def spoken_with_question(self) -> Question:
        reveal = {ContactMethod.IN_PERSON.value: Layout(Question("contact_place"))}
        if self.may_be_other_number:
            reveal[ContactMethod.OTHER_NUMBER.value] = Layout(Question("contact_why"))
        return Question("contact_method", reveal=reveal)
