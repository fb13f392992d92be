"""The form for scheduling a walk."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.offers import Offer
from bookings.models.preferred_times import PreferredTime
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.schedule.actions import Schedule
from bookings.scheduling.walk_form.forms import WalkForm
from bookings.scheduling.walk_form.preview_buttons import FREE_OFFICERS, LOOK
from bookings.scheduling.walk_form.unusual_times import UnusualTime, find_unusual
from walkandtalk.lib import london
from walkandtalk.lib.govuk.layout import LayoutObject, Question
from walks.planning.suggestions import AvailableAt, Slot, Suggestion

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


class ChosenTimeForm(forms.Form):
    """The preferred time that the inspector is about to schedule."""

    preferred_time = forms.IntegerField(min_value=1, max_value=9, required=False)

    def chosen(self, preferred_times: list[PreferredTime]) -> PreferredTime | None:
        """Return the chosen preferred time, or the first."""
        rank = self.cleaned_data.get("preferred_time") if self.is_valid() else None
        return next(
            (preferred_time for preferred_time in preferred_times if preferred_time.rank == rank),
            preferred_times[0] if preferred_times else None,
        )


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
