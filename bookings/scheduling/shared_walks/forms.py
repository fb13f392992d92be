"""The forms for sharing a walk: asking the requesters on it, and offering a place."""

from typing import Any

from django import forms
from django.core.paginator import Page

from bookings.decisions.forms import DecisionForm
from bookings.models.bookings import Booking
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.shared_walks.places import PlaceOffer
from bookings.undo.preview_forms import PreviewedForm
from walkandtalk.lib import london
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question
from walks.models.walks import Walk, WalkQuerySet

AREA_LONGEST = 200


class WalkField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Walks by their date and time."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{london.long_date(obj.start_at)}, {london.clock(obj.start_at)}, {obj.minutes} minutes"


class OfferPlaceForm(PreviewedForm):
    """A place on an existing walk."""

    button = "Offer this place"

    walk = WalkField(
        label="Walk",
        queryset=Walk.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": "Select a walk",
            "invalid_choice": "Select a walk from the list",
        },
    )
    place = forms.CharField(
        label="Area",
        help_text="She reads this before she accepts, and the exact spot afterwards.",
        max_length=AREA_LONGEST,
        error_messages={"required": "Enter the area"},
    )

    def __init__(
        self, data: Any = None, *, booking: Booking, walks: WalkQuerySet, page: Page[Walk], **kwargs: Any
    ) -> None:
        """Offer the walks of a page on which every requester lets others join (`ready`).

        Accept all of `walks`, because the action says why one cannot be joined now.
        """
        super().__init__(data, **kwargs)
        self.page = page
        self.ready = [walk for walk in page if walk.consents == walk.places_taken]
        field = self.fields["walk"]
        field.queryset = walks  # type: ignore[attr-defined]
        field.choices = [(walk.pk, field.label_from_instance(walk)) for walk in self.ready]  # type: ignore[attr-defined]
        self.needs = AdjustmentFields(booking.contact.needs_to_arrange())
        self.needs.add_to(self)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            answers["arranged"] = self.needs.take_from(answers)
        return answers

    def decision(self) -> PlaceOffer:
        answers = self.cleaned_data
        return PlaceOffer(walk=answers["walk"], place=answers["place"], arranged=answers["arranged"])

    def question(self) -> LayoutObject:
        hints = {str(walk.pk): _walk_summary(walk) for walk in self.ready}
        walk = Question("walk", small=True, hints=hints)
        layout: LayoutObject = Layout(walk, Question("place"), self.needs.question())
        return layout


def _walk_summary(walk: Walk) -> str:
    officers = "; ".join(officer.display_name for officer in walk.live_officers()) or "No officers"
    return f"{walk.meeting_place} · {describe_places_taken(walk)} · {officers}"


def describe_places_taken(walk: Walk) -> str:
    return f"{walk.places_taken} of {walk.capacity} {'place' if walk.capacity == 1 else 'places'} taken"


class PageNumberForm(forms.Form):
    """The page of walks to show. An invalid number in the address means the first."""

    LAST_PAGE = 100

    page = forms.IntegerField(min_value=1, max_value=LAST_PAGE, required=False)

    @property
    def number(self) -> int:
        return (self.is_valid() and self.cleaned_data["page"]) or 1


class AskToShareWalkForm(DecisionForm):
    """Ask the requesters on a walk whether others may join."""

    button = "Ask her"

    most = forms.IntegerField(
        label="How many women may walk together at most?",
        help_text="They’ll see this number with the question. You can’t increase it later.",
        min_value=2,
        max_value=12,
        error_messages={
            "required": "Enter how many women may walk together at most",
            "invalid": "The most women must be a whole number, like 3",
            "min_value": "The most women must be between 2 and 12",
            "max_value": "The most women must be between 2 and 12",
        },
    )

    @property
    def capacity(self) -> int:
        return int(self.cleaned_data["most"])

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("most", width="2"))
        return layout
