"""The form with which a requester accepts one of our offers, or none."""

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bookings.models.offers import Offer
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import LayoutObject, Question

NONE = "none"


class OfferAnswerForm(PageForm):
    button = _("Send your answer")

    choice = forms.ChoiceField(
        label=_("Which time suits you?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Select one of the times, or none of them"),
            "invalid_choice": _("That time isn’t available any more. Select one of these, or none of them"),
        },
    )
    of = forms.UUIDField(widget=forms.HiddenInput)  # the offer that "none of them" answers

    def __init__(self, data: QueryDict | None = None, *, offers: list[Offer]) -> None:
        super().__init__(data, initial={"of": offers[0].pk})
        self.offers = offers
        choices = [(str(offer.pk), offer.when) for offer in offers]
        none = _("None of these")
        if offers[0].is_place_on_walk:
            choices = [(str(offer.pk), _("Yes: %(when)s") % {"when": offer.when}) for offer in offers]
            none = _("No, thank you")
            self.fields["choice"].label = _("Will you come?")
            self.fields["choice"].error_messages["required"] = _("Select yes or no")
        self.fields["choice"].choices = [*choices, (NONE, none)]  # type: ignore[attr-defined]

    @property
    def offer(self) -> UUID:
        """Return the offer that is accepted, or any offer of the round if the requester declines them all."""
        cleaned = self.cleaned_data
        return cleaned["of"] if self.is_none else UUID(cleaned["choice"])

    @property
    def is_none(self) -> bool:
        return bool(self.cleaned_data["choice"] == NONE)

    def question(self) -> LayoutObject:
        return Question("choice", hints={str(offer.pk): offer.place for offer in self.offers}, dividers={NONE: _("or")})
