"""What inspectors and officers are asked."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from bookings.models.bookings import Booking
from bookings.models.preferred_times import Wish
from bookings.scheduling.adjustment_fields import NeedFields, NeedsAgain
from bookings.scheduling.adjustments import Arranged
from bookings.scheduling.schedule.actions import asks_needs_again
from bookings.scheduling.schedule.place_buttons import SPOT, SpotButtons
from bookings.scheduling.schedule.preview_buttons import EVERYBODY, LOOK, EverybodyButton, LookButton
from bookings.triage.forms import DecisionForm
from boroughs.geography.map_fields import MapPicker, PinChoiceField, spot_choices
from boroughs.geography.map_points import MIDDLE_OF_LONDON
from boroughs.geography.places import meeting_places, ward_middle
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.govuk.forms import ThreePartDateField
from walkandtalk.lib.govuk.layout import Group, Layout, LayoutObject, Question
from walkandtalk.lib.govuk.pages import summary_row
from walks.locks import OfficerTaken
from walks.models.walks import Walk
from walks.planning.meeting_places import Spot, is_after_dark
from walks.planning.plan_fields import SettledFields
from walks.planning.plans import WalkPlan
from walks.planning.suggestions import Slot, Suggestion

SHORTLIST = 15
"""So many officers are shown at first, the best of them: a team may be a hundred."""

SETTLED = ("minutes", "meeting_place", "pin", "finish_place", "duty_number")


class WishForm(forms.Form):
    """Which of her times the inspector is about to give her."""

    wish = forms.IntegerField(min_value=1, max_value=9, required=False)
    of = forms.UUIDField(required=False)

    def chosen(self, wishes: list[Wish]) -> Wish | None:
        """That wish, or her first."""
        rank = self.cleaned_data.get("wish") if self.is_valid() else None
        return next((wish for wish in wishes if wish.rank == rank), wishes[0] if wishes else None)

    def chosen_of(self, bookings: list[Booking]) -> tuple[Booking, Wish] | None:
        """The woman on a walk who asked for another time, and which of her times it is. None if none was chosen."""
        if not self.is_valid():
            return None
        wanted = self.cleaned_data["of"], self.cleaned_data["wish"]
        asking = [booking for booking in bookings if booking.asks_again]
        found = [(booking, wish) for booking in asking for wish in booking.wishes_now()]
        return next((each for each in found if (each[0].pk, each[1].rank) == wanted), None)


class AddForm(forms.Form):
    """The officer who is to take a free place."""

    add = forms.IntegerField(min_value=1, max_value=2**31, required=False)

    def officer_id(self) -> int | None:
        """An address that makes no sense adds nobody."""
        return self.cleaned_data["add"] if self.is_valid() else None


class WalkForm(SettledFields, DecisionForm):
    """A walk: when, how long, where and who. What it returns is what the actions take."""

    field_order = ("date", "start", "minutes", "meeting_place", "pin", "finish_place", "duty_number", "officers")

    date = ThreePartDateField(label="Date", subject="Date")
    pin = PinChoiceField(
        label="Pin on the map (optional)",
        help_text="Then her card leads to a map of ours. The words above still have to be enough.",
    )
    officers = forms.ModelMultipleChoiceField(
        label="Officers",
        queryset=Officer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Choose officers from the list",
            "invalid_pk_value": "Choose officers from the list",
        },
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, bcu: BoroughCommandUnit, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.bcu = bcu
        self.suggestions: list[Suggestion] = []
        self.shown: list[Suggestion] = []
        self.spots: list[Spot] = []
        self.map: MapPicker | None = None
        self._officers.queryset = Officer.objects.who_lead_walks(bcu)
        self._officers.error_messages["required"] = self._too_few()

    @property
    def _officers(self) -> "forms.ModelMultipleChoiceField[Officer]":
        return cast("forms.ModelMultipleChoiceField[Officer]", self.fields["officers"])

    def least(self, officers: Collection[Officer]) -> int:
        """How many there have to be: the rule of the BCU."""
        return self.bcu.min_officers

    def _too_few(self) -> str:
        least = self.bcu.min_officers
        return f"Choose at least {least} {'officer' if least == 1 else 'officers'}: that is the rule of {self.bcu.name}"

    def clean_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["date"]
        today = london.today()
        last = self.bcu.last_date(today)
        if not today <= date <= last:
            raise ValidationError(f"Date must be between {london.long_date(today)} and {london.long_date(last)}")
        return date

    def clean_officers(self) -> list[Officer]:
        officers = list(self.cleaned_data["officers"])
        if len(officers) < self.least(officers):
            raise ValidationError(self._too_few())
        return officers

    def clean(self) -> dict[str, Any]:
        """Date and start become one instant, and all but the officers one plan, as the actions take them."""
        answers = super().clean() or self.cleaned_data
        self._say_awkward_time(answers)
        if self.errors:
            return answers
        start_at = london.to_instant(answers.pop("date"), answers.pop("start"))
        told = {name: answers.pop(name) for name in SETTLED}
        return {**answers, "plan": WalkPlan(start_at=start_at, **told)}

    def _say_awkward_time(self, answers: dict[str, Any]) -> None:
        if "date" in answers and "start" in answers:
            try:
                london.to_instant(answers["date"], answers["start"])
            except london.AwkwardTime as error:
                self.add_error("start", str(error))

    @property
    def slot(self) -> Slot | None:
        """When the walk would be, as far as the form says so now."""
        if not self.is_bound:
            values = self.initial
        elif "plan" in self.cleaned_data:
            plan = self.cleaned_data["plan"]
            return Slot(start_at=plan.start_at, minutes=plan.minutes)
        else:
            values = self.cleaned_data
        if any(values.get(name) is None for name in ("date", "start", "minutes")):
            return None
        try:
            return Slot(start_at=london.to_instant(values["date"], values["start"]), minutes=values["minutes"])
        except london.AwkwardTime:
            return None

    def offer(self, suggestions: list[Suggestion]) -> None:
        """The officers to choose from, the best first, each with its reason. Who was chosen is always there."""
        self.suggestions = suggestions
        chosen = {str(pk) for pk in self["officers"].value() or ()}
        first = suggestions if self.data.get(LOOK) == EVERYBODY else suggestions[:SHORTLIST]
        self.shown = [*first, *(each for each in suggestions[len(first) :] if str(each.officer.pk) in chosen)]
        self._officers.choices = [(str(each.officer.pk), each.officer.called) for each in self.shown]

    def _take_spot(self) -> None:
        if SPOT in self.data:
            data = cast("Any", self.data).copy()
            data["meeting_place"] = data[SPOT]
            self.data = data

    def _sunset(self) -> str:
        """Of the day in the form, and whether the walk is after it."""
        if self.slot is None:
            return ""
        dark = "so part of this walk is in the dark" if is_after_dark(self.slot) else "so this walk is by daylight"
        return f"Sunset that day is {london.clock(london.sunset(self.slot.date))}, {dark}."

    @property
    def looks_only(self) -> bool:
        """Was a button pressed that saves nothing?"""
        return LOOK in self.data or SPOT in self.data

    def offer_spots(self, bookings: list[Booking], walk: Walk | None) -> None:
        """Where the pin may be: as it is now, where one of them put hers, or at a public place near there."""
        kept = {"As it is now": walk.spot} if walk else {}
        kept |= {f"Where {booking.contact.name} put it": booking.contact.spot for booking in bookings}
        boroughs = {booking.borough.gss: booking.borough.name for booking in bookings}
        first = bookings[0] if bookings else None
        borough = next(iter(boroughs), MIDDLE_OF_LONDON)
        ward = first.ward.gss if first and first.ward else ""
        places = meeting_places(borough, ward or None, 12)
        field = cast("PinChoiceField", self.fields["pin"])
        pins = {words: pin for words, pin in kept.items() if pin}
        field.choices = spot_choices(pins, places, self["pin"].data if self.is_bound else "")
        elsewhere = f"She asked for {' and '.join(boroughs.values())}."
        self.map = MapPicker(
            "pin", borough=borough, accepted=list(boroughs), about=ward_middle(ward), elsewhere=elsewhere
        )

    def look_only(self) -> None:
        """Nothing is being saved: say only what is wrong with the time, and take the place that was pressed."""
        self._take_spot()
        self.errors.pop("__all__", None)
        for name in set(self.errors) - {"date", "start", "minutes"}:
            del self.errors[name]

    def refuse(self, error: BookingError, *, field: str | None = None, version: int) -> None:
        """That an officer is taken says nothing of what may be new about her: the next try is about what was read."""
        if isinstance(error, OfficerTaken):
            field, version = "officers", self.cleaned_data["version"]
        super().refuse(error, field=field, version=version)

    def entered(self) -> list[dict[str, Any]]:
        """What a form that is right says, as rows to be read: where it cannot be saved any more."""
        plan, officers = self.cleaned_data["plan"], self.cleaned_data["officers"]
        return [
            summary_row("Start", f"{london.clock(plan.start_at)}, {london.long_date(plan.start_at)}"),
            summary_row("Length", f"{plan.minutes} minutes"),
            summary_row("Exact meeting spot", plan.meeting_place),
            summary_row("Finish place", plan.finish_place),
            summary_row("Duty number", plan.duty_number),
            summary_row("Officers", [officer.called for officer in officers]),
            *(summary_row(each.need.label, each.how) for each in self.all_arranged()),
        ]

    def all_arranged(self) -> list[Arranged]:
        """How each need is arranged, out of valid answers."""
        return list(self.cleaned_data["arranged"])

    def _officers_hint(self) -> str:
        """How many to choose, and whether there are so many."""
        least = self.bcu.min_officers
        if len(self.suggestions) < least:
            return f"{self.bcu.name} has too few officers who lead walks. An administrator can add them."
        free = sum(each.is_free is not False for each in self.suggestions)
        return f"Choose at least {least}. " + (
            "The best come first." if free >= least else "Too few are free then: try another time."
        )

    def question(self) -> LayoutObject:
        reasons = {str(each.officer.pk): each.reason for each in self.shown}
        layout: LayoutObject = Layout(
            Group(
                "When",
                Question("date", size="s"),
                Question("start", size="s", width="5"),
                Question("minutes", size="s", width="3", suffix="minutes"),
            ),
            Group(
                "Where",
                Question("meeting_place", size="s", rows=2),
                Question("pin", size="s", optional=False),
                *([self.map] if self.map else []),
                Question("finish_place", size="s"),
                Question("duty_number", size="s", width="20"),
            ),
            # The first button of a form is what the Enter key presses: this one saves nothing and changes nothing.
            LookButton(),
            SpotButtons(self.spots, self._sunset()),
            Question("officers", hints=reasons, hint=self._officers_hint()),
            *([EverybodyButton(len(self.suggestions))] if len(self.shown) < len(self.suggestions) else []),
        )
        return layout


class ScheduleForm(WalkForm):
    button = "Schedule this walk"

    def __init__(self, data: Mapping[str, Any] | None = None, *, booking: Booking, **kwargs: Any) -> None:
        super().__init__(data, bcu=booking.team, **kwargs)
        self.needs = NeedFields(booking.contact.needs_to_arrange())
        self.needs.add_to(self)

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not self.errors:
            answers["arranged"] = self.needs.take_from(answers)
        return answers

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(super().question(), self.needs.question())
        return layout


class ChangeForm(WalkForm):
    button = "Change this walk"

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, walk: Walk, bookings: list[Booking], **kwargs: Any
    ) -> None:
        super().__init__(data, bcu=walk.bcu, **kwargs)
        self.walk = walk
        self.needs = NeedsAgain(bookings)
        self.needs.add_to(self)

    def least(self, officers: Collection[Officer]) -> int:
        return self.walk.least_officers_if(officers)

    def _officers_hint(self) -> str:
        if self.walk.one_officer_at is None:
            return super()._officers_hint()
        return f"{super()._officers_hint()} Or leave the one who is on it: every woman said that she will do."

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        asks = "plan" in answers and asks_needs_again(self.walk, answers["plan"], answers["officers"])
        self.needs.clean(self, asks=asks)
        if not self.errors:
            answers["arranged"] = self.needs.take_from(answers)
        return answers

    def all_arranged(self) -> list[Arranged]:
        return [each for of_one in self.cleaned_data["arranged"].values() for each in of_one]

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(super().question(), self.needs.question())
        return layout

    @staticmethod
    def initial_of(walk: Walk, *, add: int | None = None) -> dict[str, Any]:
        """As the walk is, with one more officer ticked where somebody chose her on the way here."""
        start = london.local(walk.start_at)
        return {
            **{name: getattr(walk, name) for name in SETTLED},
            "version": walk.revision,
            "date": start.date(),
            "start": start.time(),
            "officers": [*(officer.pk for officer in walk.live_officers()), *([add] if add else [])],
        }
