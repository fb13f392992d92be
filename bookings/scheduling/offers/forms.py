"""The form for offering other times."""

from typing import Any

from django import forms

from bookings.scheduling.offers.actions import OfferedTime
from bookings.undo.preview_forms import PreviewedForm
from walkandtalk.lib import london
from walkandtalk.lib.govuk.forms import ClockTimeField, ThreePartDateField
from walkandtalk.lib.govuk.layout import Fold, Group, Layout, LayoutObject, Question

OFFERED_TIMES = {"first": "First time", "second": "Second time", "third": "Third time"}
PARTS = {"date": "a date", "start": "a time", "place": "a place"}
PLACE_LONGEST = 200
PLACE_HINT = "A well-known place, not the exact spot"


class OfferForm(PreviewedForm):
    """One to three times to offer."""

    button = "Offer"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in OFFERED_TIMES.items():
            self.fields[f"{name}_date"] = ThreePartDateField(label="Date", subject=label, required=False)
            self.fields[f"{name}_start"] = ClockTimeField(label="Start, London time", subject=label, required=False)
            self.fields[f"{name}_place"] = forms.CharField(
                label="Area",
                max_length=PLACE_LONGEST,
                required=False,
                error_messages={"max_length": f"{label}: use {PLACE_LONGEST} characters or fewer for the place"},
            )

    def clean(self) -> dict[str, Any]:
        used = [name for name in OFFERED_TIMES if self._is_used(name)]
        times = [time for name in used or ["first"] if (time := self._time(name))]
        return {"version": self.cleaned_data.get("version"), "times": times}

    def offered_times(self) -> list[OfferedTime]:
        return list(self.cleaned_data["times"])

    def _is_used(self, name: str) -> bool:
        """Return whether the inspector filled in any of this group. A place filled in by the page does not count."""
        changed = (field for part in PARTS if (field := f"{name}_{part}") in self.changed_data)
        return any(self.cleaned_data.get(field) or field in self.errors for field in changed)

    def _time(self, name: str) -> OfferedTime | None:
        """Return the offered time if it is complete and valid; otherwise add the errors and return None."""
        for part, what in PARTS.items():
            if not self.cleaned_data.get(f"{name}_{part}") and f"{name}_{part}" not in self.errors:
                self.add_error(f"{name}_{part}", f"{OFFERED_TIMES[name]} must include {what}")
        date, start, place = (self.cleaned_data.get(f"{name}_{part}") for part in PARTS)
        if not date or not start or not place:
            return None
        try:
            return OfferedTime(start_at=london.to_instant(date, start), place=place)
        except london.AmbiguousOrMissingTime as error:
            self.add_error(f"{name}_start", str(error))
            return None

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(*(self._group(name) for name in OFFERED_TIMES))
        return layout

    def _group(self, name: str) -> LayoutObject:
        questions = (
            Question(f"{name}_date", size="s", optional=False),
            Question(f"{name}_start", size="s", width="5", optional=False, hint="For example, 6:30pm"),
            Question(f"{name}_place", size="s", optional=False, hint=PLACE_HINT),
        )
        if name == "first":
            return Group(OFFERED_TIMES[name], *questions, size="s")
        fields = tuple(f"{name}_{part}" for part in PARTS)
        return Fold(f"{OFFERED_TIMES[name]} (optional)", *questions, fields=fields)
