"""The forms for scheduling and changing a walk."""

import datetime
import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.offers import Offer
from bookings.models.preferred_times import PreferredTime
from bookings.scheduling.adjustment_fields import AdjustmentFields, ConfirmAdjustmentsFields
from bookings.scheduling.adjustments import ArrangedAdjustment
from bookings.scheduling.schedule.actions import Schedule, WalkChange, needs_adjustments_confirmed
from bookings.scheduling.walk_form.place_buttons import SUGGESTED_PLACE, MeetingPlaceButtons
from bookings.scheduling.walk_form.preview_buttons import (
    ALL_OFFICERS,
    FREE_OFFICERS,
    LOOK,
    ShowAllOfficersButton,
    ShowFreeOfficersButton,
)
from bookings.scheduling.walk_form.unusual_times import UnusualTime, find_unusual
from bookings.undo.preview_forms import PreviewedForm
from boroughs.geography.map_fields import MapPicker, MapPointChoiceField, map_point_choices
from boroughs.geography.map_points import DEFAULT_BOROUGH_GSS, MapPoint
from boroughs.geography.places import Place, meeting_places, ward_middle
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.govuk.forms import ThreePartDateField
from walkandtalk.lib.govuk.layout import Fold, Layout, LayoutObject, Question
from walkandtalk.lib.govuk.pages import summary_row
from walks.models.walks import Walk
from walks.planning.meeting_places import SuggestedPlace, is_after_dark
from walks.planning.plan_fields import WalkDetailsFields
from walks.planning.plans import WalkDetails
from walks.planning.suggestions import AvailableAt, Slot, Suggestion

SUGGESTED_OFFICERS = 15
"""The number of officers shown at first, best matches first, because a team may have a hundred."""

DETAILS_FIELDS = ("minutes", "meeting_place", "map_coordinates", "finish_place", "duty_number")


OTHER, ACCEPTED = "other", "accepted"
RANKS = {1: "first choice", 2: "second choice", 3: "third choice"}


@dataclass(frozen=True)
class TimeChoice:
    """A time that the requester asked for or accepted, as a choice of the schedule form."""

    code: str
    date: datetime.date
    start: datetime.time
    note: str

    @property
    def label(self) -> str:
        return f"{london.short_date(self.date)}, {london.clock(self.start)}"

    def slot(self, minutes: int) -> Slot | None:
        try:
            return Slot(start_at=london.to_instant(self.date, self.start), minutes=minutes)
        except london.AmbiguousOrMissingTime:
            return None


def time_choices(booking: Booking, accepted: Offer | None) -> list[TimeChoice]:
    """Return the time that she accepted, and those that she asked for, in her order."""
    choices = []
    if accepted is not None:
        start = london.local(accepted.start_at)
        choices.append(TimeChoice(ACCEPTED, start.date(), start.time(), "she accepted this"))
    for time in booking.current_preferred_times():
        part = f", {time.in_short.split(', ')[-1]}" if time.part else ""
        note = f"{RANKS.get(time.rank, 'another of hers')}{part}"
        choices.append(TimeChoice(str(time.rank), time.date, time.start, note))
    return choices


class AgreedField(forms.MultipleChoiceField):
    """The box that says that an unusual time is right. Its value names the time."""

    def valid_value(self, value: Any) -> bool:
        return True


class ChosenTimeForm(forms.Form):
    """The preferred time that the inspector is about to schedule."""

    preferred_time = forms.IntegerField(min_value=1, max_value=9, required=False)
    of = forms.UUIDField(required=False)

    def chosen(self, preferred_times: list[PreferredTime]) -> PreferredTime | None:
        """Return the chosen preferred time, or the first."""
        rank = self.cleaned_data.get("preferred_time") if self.is_valid() else None
        return next(
            (preferred_time for preferred_time in preferred_times if preferred_time.rank == rank),
            preferred_times[0] if preferred_times else None,
        )

    def chosen_of(self, bookings: list[Booking]) -> tuple[Booking, PreferredTime] | None:
        """Return the booking whose change request the inspector chose, and the time. Return None if she chose none."""
        if not self.is_valid():
            return None
        chosen = self.cleaned_data["of"], self.cleaned_data["preferred_time"]
        with_requests = [booking for booking in bookings if booking.has_open_change_request]
        pairs = (
            (booking, preferred_time)
            for booking in with_requests
            for preferred_time in booking.current_preferred_times()
        )
        return next((pair for pair in pairs if (pair[0].pk, pair[1].rank) == chosen), None)


class AddOfficerForm(forms.Form):
    """The officer to add to the walk."""

    add = forms.IntegerField(min_value=1, max_value=2**31, required=False)

    def officer_id(self) -> int | None:
        """Return the officer's id, or None if the URL is invalid."""
        return self.cleaned_data["add"] if self.is_valid() else None


class WalkForm(WalkDetailsFields, PreviewedForm):
    """The time, length, places and officers of a walk."""

    needs: AdjustmentFields | ConfirmAdjustmentsFields
    """The questions about the requesters' needs. Each kind of form asks its own."""

    field_order = (
        "time",
        "date",
        "start",
        "agreed",
        "minutes",
        "meeting_place",
        "map_coordinates",
        "finish_place",
        "duty_number",
        "officers",
    )

    date = ThreePartDateField(label="Date", subject="Date")
    agreed = AgreedField(label="Check the time", widget=forms.CheckboxSelectMultiple, required=False)
    map_coordinates = MapPointChoiceField(
        label="Point on the map (optional)",
        help_text="Her card then has a map. The words above must still be enough to find you.",
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
        self.spots: list[SuggestedPlace] = []
        self.map: MapPicker | None = None
        self._officers.queryset = Officer.objects.who_lead_walks(bcu)
        self._officers.error_messages["required"] = self._too_few()

    @property
    def _officers(self) -> "forms.ModelMultipleChoiceField[Officer]":
        return cast("forms.ModelMultipleChoiceField[Officer]", self.fields["officers"])

    def min_officers(self, officers: Collection[Officer]) -> int:
        """Return the minimum number of officers for this walk."""
        return self.bcu.min_officers

    def _too_few(self) -> str:
        minimum = self.bcu.min_officers
        noun = "officer" if minimum == 1 else "officers"
        return f"Choose at least {minimum} {noun}: that’s the rule in {self.bcu.name}"

    def clean_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["date"]
        today = london.today()
        last = self.bcu.last_date(today)
        if not today <= date <= last:
            raise ValidationError(f"Date must be between {london.long_date(today)} and {london.long_date(last)}")
        return date

    def clean_officers(self) -> list[Officer]:
        officers = list(self.cleaned_data["officers"])
        if len(officers) < self.min_officers(officers):
            raise ValidationError(self._too_few())
        return officers

    def clean(self) -> dict[str, Any]:
        """Combine date and start into one instant, and everything except the officers into one `WalkDetails`."""
        answers = super().clean() or self.cleaned_data
        self.use_chosen_time(answers)
        self._report_ambiguous_time(answers)
        self._check_unusual_time()
        answers.pop("agreed", None)
        answers.pop("time", None)
        if self.errors:
            return answers
        start_at = london.to_instant(answers.pop("date"), answers.pop("start"))
        details = {name: answers.pop(name) for name in DETAILS_FIELDS}
        return {**answers, "plan": WalkDetails(start_at=start_at, **details)}

    def use_chosen_time(self, answers: dict[str, Any]) -> None:
        """Fill in the date and the start, for a form that lets the inspector choose one of the requester's times."""

    @property
    def unusual_time(self) -> UnusualTime | None:
        """Return why the time of the walk needs a second look, if it does."""
        return None

    def _check_unusual_time(self) -> None:
        unusual = self.unusual_time
        if unusual is None:
            return
        cast("AgreedField", self.fields["agreed"]).choices = [(unusual.code, unusual.question)]
        if unusual.code not in self.cleaned_data.get("agreed", ()):
            self.add_error("agreed", f"{unusual.warning} Tick the box if it’s right")

    def _report_ambiguous_time(self, answers: dict[str, Any]) -> None:
        if "date" in answers and "start" in answers:
            try:
                london.to_instant(answers["date"], answers["start"])
            except london.AmbiguousOrMissingTime as error:
                self.add_error("start", str(error))

    @property
    def slot(self) -> Slot | None:
        """Return the time of the walk, if the form has enough of it now."""
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
        except london.AmbiguousOrMissingTime:
            return None

    def offer(self, suggestions: list[Suggestion]) -> None:
        """Offer these officers, best matches first, each with a reason. An officer already chosen is always shown."""
        self.suggestions = suggestions
        chosen = {str(pk) for pk in self["officers"].value() or ()}
        first = suggestions if self.data.get(LOOK) == ALL_OFFICERS else suggestions[:SUGGESTED_OFFICERS]
        self.shown = [*first, *(option for option in suggestions[len(first) :] if str(option.officer.pk) in chosen)]
        self._officers.choices = [(str(option.officer.pk), option.officer.display_name) for option in self.shown]

    def _use_suggested_place(self) -> None:
        if SUGGESTED_PLACE in self.data:
            data = cast("Any", self.data).copy()
            data["meeting_place"] = data[SUGGESTED_PLACE]
            self.data = data

    def _use_suggested_point(self, places: Iterable[Place]) -> None:
        """Put the point on the map where the suggested place is, if it was pressed."""
        points = {str(place): str(MapPoint(place.lat, place.lon)) for place in places}
        if point := points.get(self.data.get(SUGGESTED_PLACE, "")):
            data = cast("Any", self.data).copy()
            data["map_coordinates"] = point
            self.data = data

    def _sunset(self) -> str:
        """Say when the sun sets that day, and whether part of the walk is after sunset."""
        if self.slot is None:
            return ""
        dark = "so part of this walk is in the dark" if is_after_dark(self.slot) else "so this walk is by daylight"
        return f"Sunset that day is {london.clock(london.sunset(self.slot.date))}, {dark}."

    @property
    def is_preview(self) -> bool:
        """Return whether the inspector pressed a button that saves nothing."""
        return LOOK in self.data or SUGGESTED_PLACE in self.data

    def offer_meeting_places(self, bookings: list[Booking], walk: Walk | None) -> None:
        """Offer map points: the walk's current point, the requesters' points, and public places nearby."""
        points = {"As it is now": walk.map_point} if walk else {}
        points |= {f"Where {booking.contact.name} put it": booking.contact.map_point for booking in bookings}
        boroughs = {booking.borough.gss: booking.borough.name for booking in bookings}
        first = bookings[0] if bookings else None
        borough = next(iter(boroughs), DEFAULT_BOROUGH_GSS)
        ward = first.ward.gss if first and first.ward else ""
        places = meeting_places(borough, ward or None, 12)
        self._use_suggested_point(places)
        field = cast("MapPointChoiceField", self.fields["map_coordinates"])
        pins = {label: pin for label, pin in points.items() if pin}
        field.choices = map_point_choices(pins, places, self["map_coordinates"].data if self.is_bound else "")
        elsewhere = f"She asked for {' and '.join(boroughs.values())}."
        self.map = MapPicker(
            "map_coordinates", borough=borough, accepted=list(boroughs), about=ward_middle(ward), elsewhere=elsewhere
        )

    def as_preview(self) -> None:
        """Show only errors about the time, because nothing is saved. Use the suggested place if it was pressed."""
        self._use_suggested_place()
        self.errors.pop("__all__", None)
        for name in set(self.errors) - {"time", "date", "start", "minutes"}:
            del self.errors[name]

    def entered_details(self) -> list[dict[str, Any]]:
        """Return the answers of a valid form as summary rows, for a page where they can no longer be saved."""
        plan, officers = self.cleaned_data["plan"], self.cleaned_data["officers"]
        return [
            summary_row("Start", f"{london.clock(plan.start_at)}, {london.long_date(plan.start_at)}"),
            summary_row("Length", f"{plan.minutes} minutes"),
            summary_row("Exact meeting spot", plan.meeting_place),
            summary_row("Finish place", plan.finish_place),
            summary_row("Duty number", plan.duty_number),
            summary_row("Officers", [officer.display_name for officer in officers]),
            *(summary_row(adjustment.need.label, adjustment.how) for adjustment in self.arranged_adjustments()),
        ]

    def arranged_adjustments(self) -> list[ArrangedAdjustment]:
        """Return every adjustment in a valid form."""
        return list(self.cleaned_data["arranged"])

    def _officers_hint(self) -> str:
        """Say how many officers to choose, and whether enough are free."""
        minimum = self.bcu.min_officers
        if len(self.suggestions) < minimum:
            return f"{self.bcu.name} has too few officers who lead walks. Ask an administrator to add them."
        free = sum(option.is_free is not False for option in self.suggestions)
        return f"Choose at least {minimum}. " + (
            "Best matches first." if free >= minimum else "Too few are free then: try another time."
        )

    def when(self) -> LayoutObject:
        layout: LayoutObject = Layout(Question("date", size="s"), Question("start", size="s", width="5"))
        return layout

    def question(self) -> LayoutObject:
        reasons = {str(option.officer.pk): option.reason for option in self.shown}
        is_everyone_shown = len(self.shown) >= len(self.suggestions)
        layout: LayoutObject = Layout(
            self.when(),
            # The Enter key presses the first button of a form, so the first one saves and changes nothing.
            ShowFreeOfficersButton(),
            *([Question("agreed", size="s", small=True, optional=False)] if self.unusual_time else []),
            Question("meeting_place", size="s", rows=2),
            MeetingPlaceButtons(self.spots, self._sunset()),
            Question("officers", size="s", small=True, hints=reasons, hint=self._officers_hint()),
            *([] if is_everyone_shown else [ShowAllOfficersButton(len(self.suggestions))]),
            self.needs.question(),
            Fold(
                self._details_in_words(),
                Question("minutes", size="s", width="3", suffix="minutes"),
                Question("map_coordinates", size="s", optional=False),
                *([self.map] if self.map else []),
                Question("finish_place", size="s"),
                Question("duty_number", size="s", width="20"),
                fields=("minutes", "map_coordinates", "finish_place", "duty_number"),
                opens_with_answers=False,
            ),
        )
        return layout

    def _details_in_words(self) -> str:
        """Return the answers that rarely change, for the fold that holds them."""
        minutes, finish, number = (self[name].value() or "–" for name in ("minutes", "finish_place", "duty_number"))
        return f"{minutes} minutes, {str(finish)[:1].lower()}{str(finish)[1:]}, duty number {number}"


class ScheduleForm(WalkForm):
    """One of the requester's times or another, with the best officers ticked."""

    button = "Schedule"

    time = forms.ChoiceField(
        label="Time",
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of her times, or another time"},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        booking: Booking,
        accepted: Offer | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, bcu=booking.team, **kwargs)
        self.booking, self.accepted = booking, accepted
        self.times = time_choices(booking, accepted)
        self.free: dict[str, AvailableAt] = {}
        choices = [(time.code, time.label) for time in self.times]
        self.fields["time"].choices = [*choices, (OTHER, "Another time")]  # type: ignore[attr-defined]
        self.needs = AdjustmentFields(booking.contact.needs_to_arrange())
        self.needs.add_to(self)

    def use_chosen_time(self, answers: dict[str, Any]) -> None:
        chosen = next((time for time in self.times if time.code == answers.get("time")), None)
        if chosen is not None:
            self.errors.pop("date", None)
            self.errors.pop("start", None)
            answers |= {"date": chosen.date, "start": chosen.start}

    @property
    def unusual_time(self) -> UnusualTime | None:
        if not self.is_bound or self.slot is None:
            return None
        agreed = [self.accepted.start_at] if self.accepted else []
        asked = self.booking.current_preferred_times()
        return find_unusual(self.slot.start_at, asked=asked, agreed=agreed, bcu=self.bcu, now=timezone.now())

    def offer(self, suggestions: list[Suggestion]) -> None:
        """Tick the best officers when the page opens, and again when she asks who is free at another time."""
        if not self.is_bound:
            self.initial["officers"] = self._best(suggestions, keep=set())
        elif self.data.get(LOOK) == FREE_OFFICERS and self.slot is not None:
            data = cast("Any", self.data).copy()
            data.setlist("officers", self._best(suggestions, keep=set(data.getlist("officers"))))
            self.data = data
        super().offer(suggestions)

    def _best(self, suggestions: list[Suggestion], *, keep: set[str]) -> list[str]:
        """Return the officers to tick: those of `keep` who are free, and then the best until there are enough."""
        kept = [str(option.officer.pk) for option in suggestions if option.is_free and str(option.officer.pk) in keep]
        likely = [str(option.officer.pk) for option in suggestions if option.is_likely]
        more = [pk for pk in likely if pk not in kept]
        return [*kept, *more[: max(0, self.bcu.min_officers - len(kept))]]

    def when(self) -> LayoutObject:
        free = {code: f" · {available.short}" for code, available in self.free.items()}
        hints = {time.code: time.note + free.get(time.code, "") for time in self.times}
        return Question("time", size="s", small=True, optional=False, hints=hints, reveal={OTHER: super().when()})

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not self.errors:
            answers["arranged"] = self.needs.take_from(answers)
        return answers

    def decision(self) -> Schedule:
        answers = self.cleaned_data
        return Schedule(plan=answers["plan"], officers=answers["officers"], arranged=answers["arranged"])


class ChangeForm(WalkForm):
    needs: ConfirmAdjustmentsFields
    button = "Change the walk"

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, walk: Walk, bookings: list[Booking], **kwargs: Any
    ) -> None:
        super().__init__(data, bcu=walk.bcu, **kwargs)
        self.walk = walk
        self.bookings = bookings
        self.needs = ConfirmAdjustmentsFields(bookings)
        self.needs.add_to(self)

    def min_officers(self, officers: Collection[Officer]) -> int:
        return self.walk.least_officers_for(officers)

    def _officers_hint(self) -> str:
        if self.walk.one_officer_agreed_at is None:
            return super()._officers_hint()
        return f"{super()._officers_hint()} Or keep the one officer: every woman agreed to walk with her."

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        asks = "plan" in answers and needs_adjustments_confirmed(self.walk, answers["plan"], answers["officers"])
        self.needs.clean(self, asks=asks)
        if not self.errors:
            answers["arranged"] = self.needs.take_from(answers)
        return answers

    def decision(self) -> WalkChange:
        answers = self.cleaned_data
        return WalkChange(plan=answers["plan"], officers=answers["officers"], arranged=answers["arranged"])

    def arranged_adjustments(self) -> list[ArrangedAdjustment]:
        return list(itertools.chain.from_iterable(self.cleaned_data["arranged"].values()))

    @property
    def unusual_time(self) -> UnusualTime | None:
        """Return why the new time needs a second look. The walk's own time is none, nor one of a change request."""
        if not self.is_bound or self.slot is None:
            return None
        asked = [
            time
            for booking in self.bookings
            if booking.has_open_change_request
            for time in booking.current_preferred_times()
        ]
        if self.slot.start_at == self.walk.start_at:
            return None
        return find_unusual(self.slot.start_at, asked=asked, agreed=(), bcu=self.bcu, now=timezone.now())

    @staticmethod
    def initial_of(walk: Walk, *, add: int | None = None) -> dict[str, Any]:
        """Return the current walk, with one more officer ticked if the inspector chose her on the previous page."""
        start = london.local(walk.start_at)
        return {
            **{name: getattr(walk, name) for name in DETAILS_FIELDS},
            "version": walk.version,
            "date": start.date(),
            "start": start.time(),
            "officers": [*(officer.pk for officer in walk.live_officers()), *([add] if add else [])],
        }
