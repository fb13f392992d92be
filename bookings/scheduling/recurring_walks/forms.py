"""The form for offering a date of a recurring walk."""

from collections.abc import Sequence
from typing import Any

from django import forms

from bookings.models.bookings import Booking
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.recurring_walks.actions import RecurringWalkOffer
from bookings.scheduling.recurring_walks.dates import DateForMany, RecurringWalkDate
from bookings.triage.many.forms import ManyForm
from bookings.undo.preview_forms import PreviewedForm
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question


class OfferRecurringWalkForm(PreviewedForm):
    """A date of a recurring walk, with the best match already chosen."""

    button = "Offer this date"

    choice = forms.ChoiceField(
        label="Date",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select a date",
            "invalid_choice": "That date is no longer free. Select another",
        },
    )
    officers = forms.ModelMultipleChoiceField(
        label="Other officers",
        help_text="Only if the usual officers can’t come, and nobody has been offered this date yet.",
        queryset=Officer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose officers from the list"},
    )

    def __init__(
        self, data: Any = None, *, booking: Booking, dates: Sequence[RecurringWalkDate], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.dates = {date.code: date for date in dates}
        self.fields["choice"].choices = [(date.code, date.when) for date in dates]  # type: ignore[attr-defined]
        leading = Officer.objects.who_can_be_assigned(booking.team).order_by("name", "pk")
        self.fields["officers"].queryset = leading  # type: ignore[attr-defined]
        self.fields["officers"].label_from_instance = lambda officer: officer.display_name  # type: ignore[attr-defined]
        self.needs = AdjustmentFields(booking.contact.needs_to_arrange())
        self.needs.add_to(self)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            answers["arranged"] = self.needs.take_from(answers)
        return answers

    def decision(self) -> RecurringWalkOffer:
        answers = self.cleaned_data
        date = self.dates[answers["choice"]]
        return RecurringWalkOffer(
            recurring_walk=date.recurring_walk,
            date=date.date,
            officers=list(answers["officers"]),
            arranged=answers["arranged"],
        )

    def question(self) -> LayoutObject:
        hints = {code: date.why for code, date in self.dates.items()}
        layout: LayoutObject = Layout(
            Question("choice", small=True, hints=hints),
            self.needs.question(),
            Question("officers", size="s", small=True, optional=False),
        )
        return layout


class OfferRecurringWalkToManyForm(ManyForm):
    """One date of a recurring walk, offered to several requesters. The usual officers walk."""

    button = "Offer them this date"

    choice = forms.ChoiceField(
        label="Which date?",
        help_text="A place is booked as soon as she says yes. When it is full, we withdraw the other offers.",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select a date",
            "invalid_choice": "That date is no longer free. Select another",
        },
    )

    def __init__(self, data: Any = None, *, dates: Sequence[DateForMany], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.dates = {date.code: date for date in dates}
        self.fields["choice"].choices = [(date.code, date.when) for date in dates]  # type: ignore[attr-defined]

    def decision(self) -> RecurringWalkOffer:
        date = self.dates[self.cleaned_data["choice"]]
        return RecurringWalkOffer(recurring_walk=date.recurring_walk, date=date.date)

    def question(self) -> LayoutObject:
        hints = {code: date.why for code, date in self.dates.items()}
        layout: LayoutObject = Layout(Question("choice", hints=hints))
        return layout
