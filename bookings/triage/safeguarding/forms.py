"""“Stop: this is a crime or a safeguarding matter.” No question asks what the requester said."""

from typing import Any

from django import forms

from bookings.models.bookings import Booking
from bookings.statuses import SafeguardingOutcome
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

ALL = "all"


class SafeguardingForm(PageForm):
    button = "Mark this booking"
    button_style = "warning"

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout()
        return layout


class SafeguardingOnWalkForm(PageForm):
    """The requester concerned, if several share a walk and their names may be shown on this phone now."""

    button = "Mark it, and tell my inspector"
    button_style = "warning"

    def __init__(self, *args: Any, women: list[Booking], names: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.women = women
        self.names_them = names and len(women) > 1
        if self.names_them:
            choices = [(str(woman.pk), _name_of(woman)) for woman in women]
            self.fields["woman"] = forms.ChoiceField(
                label="Who is it about?",
                choices=[*choices, (ALL, "All of them, or I cannot say")],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose who it is about"},
            )

    def chosen(self) -> list[Booking]:
        """Return the requesters concerned: all of them if the officer could not say."""
        woman = self.cleaned_data.get("woman", ALL)
        return [each for each in self.women if woman in (ALL, str(each.pk))]


class CloseSafeguardingForm(PageForm):
    button = "Close it"

    outcome = forms.TypedChoiceField(
        label="How was it dealt with?",
        help_text="Keep the details and the crime number in your force’s own records, not here.",
        choices=SafeguardingOutcome.choices,
        coerce=SafeguardingOutcome,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how it was dealt with"},
    )

    @property
    def chosen_outcome(self) -> SafeguardingOutcome:
        return SafeguardingOutcome(self.cleaned_data["outcome"])

    def question(self) -> LayoutObject:
        return Question("outcome")


def _name_of(woman: Booking) -> str:
    return woman.contact.name if woman.frozen_at is None else "Under review"
