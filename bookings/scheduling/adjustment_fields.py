"""The fields of the walk forms that say how each access need is met."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from bookings.models.adjustments import Adjustment
from bookings.models.bookings import Booking
from bookings.scheduling.adjustments import ArrangedAdjustment
from bookings.statuses import Need
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Group, Layout, LayoutObject, Question

ARRANGED, AGREED, STILL_APPLIES = "arranged", "agreed", "holds"
CONFIRM_PREFIX = "Check again when the time, a place or an officer changes: a lift, a signer, an interpreter."
LONGEST = 300


class AdjustmentFields:
    """Two questions for each need: arranged or agreed otherwise, and how."""

    def __init__(self, needs: list[Need]) -> None:
        self.needs = needs

    def add_to(self, form: PageForm) -> None:
        for need in self.needs:
            form.fields[f"need_{need}"] = forms.ChoiceField(
                label=need.label,
                choices=[(ARRANGED, "Arranged"), (AGREED, "Agreed otherwise with her")],
                widget=forms.RadioSelect,
                error_messages={"required": f"{need.label}: select whether it’s arranged or agreed otherwise with her"},
            )
            form.fields[f"how_{need}"] = forms.CharField(
                label="How, and by whom",
                max_length=LONGEST,
                error_messages={
                    "required": f"{need.label}: enter how, and by whom",
                    "max_length": f"{need.label}: use {LONGEST} characters or fewer",
                },
            )

    @staticmethod
    def initial_of(adjustments: Iterable[Adjustment]) -> dict[str, Any]:
        initial: dict[str, Any] = {}
        for row in adjustments:
            initial[f"need_{row.need}"] = AGREED if row.agreed_otherwise else ARRANGED
            initial[f"how_{row.need}"] = row.how
        return initial

    def take_from(self, answers: dict[str, Any]) -> list[ArrangedAdjustment]:
        """Remove the adjustments from valid answers, and return them."""
        return [
            ArrangedAdjustment(
                need=need,
                agreed_otherwise=answers.pop(f"need_{need}") == AGREED,
                how=answers.pop(f"how_{need}"),
            )
            for need in self.needs
        ]

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            *(
                Group(
                    need.label,
                    Question(f"need_{need}", label="Is it arranged?", size="s", inline=True, small=True),
                    Question(f"how_{need}", size="s", hint=HINTS.get(need, HINT)),
                )
                for need in self.needs
            )
        )
        return layout


HINT = "She and the officers read this."
HINTS = {
    Need.BSL: "For example, “PC Okafor signs” or “Interpreter booked with the force’s agency”. She reads it.",
    Need.INTERPRETER: "For example, “Bengali interpreter by telephone, booked by PC Okafor”. She reads it.",
    Need.STEP_FREE: "For example, “Lift at the station, walked by PC Okafor”. She reads it.",
}


class ConfirmAdjustmentsFields:
    """Questions for a walk that changes: is each adjustment still in place for each requester?"""

    def __init__(self, bookings: list[Booking]) -> None:
        self.rows = [
            ConfirmAdjustmentField(booking, need, _current_adjustment(booking, need), names_her=len(bookings) > 1)
            for booking in bookings
            for need in booking.contact.needs_to_arrange()
        ]

    def add_to(self, form: PageForm) -> None:
        for row in self.rows:
            row.add_to(form)

    def clean(self, form: PageForm, *, asks: bool) -> None:
        """Require details for each new adjustment. Answers are optional only if nothing relevant changes."""
        for row in self.rows:
            if asks and not form.cleaned_data.get(row.field):
                form.add_error(row.field, f"{row.label}: select whether it’s arranged for the changed walk")
            if form.cleaned_data.get(row.field) in (ARRANGED, AGREED) and not form.cleaned_data.get(row.how_field):
                form.add_error(row.how_field, f"{row.label}: enter how, and by whom")

    def take_from(self, answers: dict[str, Any]) -> dict[UUID, list[ArrangedAdjustment]]:
        """Remove the adjustments from valid answers, and return them. The action checks that none is missing."""
        arranged: dict[UUID, list[ArrangedAdjustment]] = {}
        for row in self.rows:
            if (adjustment := row.take_from(answers)) is not None:
                arranged.setdefault(row.booking.pk, []).append(adjustment)
        return arranged

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(*(row.question() for row in self.rows))
        return layout


@dataclass(frozen=True)
class ConfirmAdjustmentField:
    booking: Booking
    need: Need
    now: Adjustment | None
    names_her: bool

    @property
    def field(self) -> str:
        return f"need_{self.booking.pk.hex}_{self.need}"

    @property
    def how_field(self) -> str:
        return f"how_{self.booking.pk.hex}_{self.need}"

    @property
    def label(self) -> str:
        return f"{self.booking.contact.name}: {self.need.label}" if self.names_her else str(self.need.label)

    def add_to(self, form: PageForm) -> None:
        holds = [(STILL_APPLIES, f"Still arranged: {self.now.how}")] if self.now else []
        choices = [*holds, (ARRANGED, "Arranged in another way"), (AGREED, "Agreed otherwise with her")]
        form.fields[self.field] = forms.ChoiceField(
            label="Is it arranged for the changed walk?",
            choices=choices,
            widget=forms.RadioSelect,
            required=False,
        )
        form.fields[self.how_field] = forms.CharField(
            label="How, and by whom",
            max_length=LONGEST,
            required=False,
            error_messages={"max_length": f"{self.label}: use {LONGEST} characters or fewer"},
        )

    def take_from(self, answers: dict[str, Any]) -> ArrangedAdjustment | None:
        answer, how = answers.pop(self.field), answers.pop(self.how_field)
        if answer == STILL_APPLIES and self.now is not None:
            return ArrangedAdjustment(need=self.need, how=self.now.how, agreed_otherwise=self.now.agreed_otherwise)
        return ArrangedAdjustment(need=self.need, how=how, agreed_otherwise=answer == AGREED) if answer else None

    def question(self) -> LayoutObject:
        return Group(
            self.label,
            Question(self.field, size="s", small=True, optional=False, hint=CONFIRM_PREFIX),
            Question(self.how_field, size="s", optional=False, hint="Only if it has changed. She reads this."),
        )


def _current_adjustment(booking: Booking, need: Need) -> Adjustment | None:
    return next((row for row in booking.adjustments.all() if row.need == need), None)
