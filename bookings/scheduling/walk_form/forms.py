"""The form that schedules a walk and the one that changes it: time, length, places and officers."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from bookings.models.bookings import Booking
from bookings.scheduling.adjustment_fields import AdjustmentFields, ConfirmAdjustmentsFields
from bookings.scheduling.adjustments import ArrangedAdjustment
from bookings.scheduling.walk_form.place_buttons import SUGGESTED_PLACE, MeetingPlaceButtons
from bookings.scheduling.walk_form.preview_buttons import (
    ALL_OFFICERS,
    LOOK,
    ShowAllOfficersButton,
    ShowFreeOfficersButton,
)
from bookings.scheduling.walk_form.unusual_times import UnusualTime
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
from walks.planning.suggestions import Slot, Suggestion

SUGGESTED_OFFICERS = 15
"""The number of officers shown at first, best matches first, because a team may have a hundred."""

DETAILS_FIELDS = ("minutes", "meeting_place", "map_coordinates", "finish_place", "duty_number")


class AgreedField(forms.MultipleChoiceField):
    """The box that says that an unusual time is right. Its value names the time."""

    def valid_value(self, value: Any) -> bool:
        return True


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
        self.not_available: list[Officer] = []
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
        for officer in officers:
            if not officer.is_available:
                raise ValidationError(f"{officer.display_name} is not available. Choose someone else")
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
        """Say how many officers to choose, whether enough are free, and who is not available."""
        away = "; ".join(officer.display_name for officer in self.not_available)
        return f"{self._how_many()} Not available: {away}." if away else self._how_many()

    def _how_many(self) -> str:
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
