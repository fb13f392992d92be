"""Typed preferred times: the days and times that the BCU allows, on a London calendar and clock."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from django import forms
from django.template import Context
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bookings.request_form.booking_request import RequestedTime
from bookings.request_form.forms.question import QuestionForm
from bookings.request_form.questions import Answer, Answers, preferred_times, saved_time, with_interpreter
from bookings.statuses import DayPart
from boroughs.models.bcus import BoroughCommandUnit
from walkandtalk.lib import london
from walkandtalk.lib.govuk.forms import ClockTimeField, ThreePartDateField
from walkandtalk.lib.govuk.layout import Group, Question

CHOICES = {
    "first": gettext_lazy("First choice"),
    "second": gettext_lazy("Second choice"),
    "third": gettext_lazy("Third choice"),
}
_REGULAR = gettext_lazy("our regular walk")
ALSO = [
    ("weekday_evenings", gettext_lazy("Weekday evenings")),
    ("weekends", gettext_lazy("Weekends")),
]


def date_problem(
    which: str, date: datetime.date, *, bcu: BoroughCommandUnit, today: datetime.date, interpreted: bool
) -> str:
    first, last = bcu.first_date(today, with_interpreter=interpreted), bcu.last_date(today)
    values = {"which": which, "first": london.long_date(first), "last": london.long_date(last)}
    if bcu.is_closed(date):
        return _("%(which)s must be another day, because there are no walks then") % values
    if first <= date <= last:
        return ""
    if interpreted and bcu.first_date(today) <= date < first:
        values |= {"days": str(bcu.interpreter_notice_days)}
        return _("%(which)s must be %(first)s or later, because we need %(days)s days to find an interpreter") % values
    return _("%(which)s must be between %(first)s and %(last)s") % values


def time_problem(which: str, preferred_time: RequestedTime, *, bcu: BoroughCommandUnit) -> str:
    """Return what is wrong with the time, or "".

    A time that the clocks skip or repeat that night is checked first, because no other rule would explain it.
    """
    try:
        london.to_instant(preferred_time.date, preferred_time.start)
    except london.AmbiguousOrMissingTime as error:
        return str(error)
    if bcu.earliest <= preferred_time.start <= bcu.latest:
        return ""
    values = {"which": which, "earliest": london.clock(bcu.earliest), "latest": london.clock(bcu.latest)}
    return _("%(which)s must start between %(earliest)s and %(latest)s") % values


def keep_possible_times(answers: Answers, *, bcu: BoroughCommandUnit, today: datetime.date) -> bool:
    """Return whether the times are still possible: midnight may have passed, or the area may have changed."""
    interpreted = with_interpreter(answers)
    return not any(
        date_problem("", preferred_time.date, bcu=bcu, today=today, interpreted=interpreted)
        or time_problem("", preferred_time, bcu=bcu)
        for preferred_time in preferred_times(answers["when"])
    )


@dataclass(frozen=True)
class Start:
    """A start as the requester chose it: a certain time, or a part of the day."""

    at: datetime.time | None = None
    part: str = ""
    is_regular: bool = False

    @classmethod
    def of(cls, time: RequestedTime) -> "Start":
        return cls(None if time.part else time.start, time.part, time.is_regular)

    def on(self, date: datetime.date, *, earliest: datetime.time) -> RequestedTime:
        """Return this start on a date. A part of the day begins at its usual hour, or with the BCU's first walk."""
        start = self.at or max(DayPart(self.part).begins, earliest)
        return RequestedTime(date=date, start=start, part=self.part, is_regular=self.is_regular)


class StartField(ClockTimeField):
    """Gives a `Start` from "6:30pm" or "evening"."""

    def prepare_value(self, value: object) -> object:
        if not isinstance(value, Start):
            return value
        if value.at:
            return london.clock(value.at)
        label = str(DayPart(value.part).label).lower()
        return f"{label}, {_REGULAR}" if value.is_regular else label

    def to_python(self, value: object) -> Any:
        if value is None or isinstance(value, Start):
            return value
        label, comma, more = str(value).strip().lower().partition(",")
        part = next((part.value for part in DayPart if label == str(part.label).lower()), "")
        if part and (not comma or more.strip() == str(_REGULAR)):
            return Start(part=part, is_regular=bool(comma))
        time = super().to_python(value)
        return Start(at=time) if time is not None else None


class DayNotes:
    """A note about the day in this field. It needs JavaScript to appear before the form is submitted."""

    def __init__(self, when: "WhenForm", field: str) -> None:
        self.when = when
        self.field = field

    def render(self, form: forms.BaseForm, context: Context) -> SafeString:
        field, words = form[self.field].auto_id, self.when.describe(self.when.date_in(self.field))
        return format_html('<p class="govuk-body" role="status" data-about-day="{}">{}</p>', field, words)


class WhenForm(QuestionForm):
    """Up to three preferred times in boxes, and the rules for them. `PickTimesForm` is the page."""

    answers_to = "when"

    first_date = ThreePartDateField(label=gettext_lazy("Date"), subject=CHOICES["first"], required=False)
    first_start = StartField(label=gettext_lazy("Start time"), subject=CHOICES["first"], required=False)
    second_date = ThreePartDateField(label=gettext_lazy("Date"), subject=CHOICES["second"], required=False)
    second_start = StartField(label=gettext_lazy("Start time"), subject=CHOICES["second"], required=False)
    third_date = ThreePartDateField(label=gettext_lazy("Date"), subject=CHOICES["third"], required=False)
    third_start = StartField(label=gettext_lazy("Start time"), subject=CHOICES["third"], required=False)
    also = forms.MultipleChoiceField(
        label=gettext_lazy("I could also do (optional)"),
        choices=ALSO,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def with_interpreter(self) -> bool:
        return with_interpreter(self.answers)

    @cached_property
    def first_day(self) -> datetime.date:
        return self.bcu.first_date(self.today, with_interpreter=self.with_interpreter)

    @property
    def first_day_with_interpreter(self) -> datetime.date:
        return self.bcu.first_date(self.today, with_interpreter=True)

    @property
    def closes_soon(self) -> bool:
        return self.bcu.closes_soon(self.today)

    @property
    def ends_at(self) -> str:
        """Return "closed" if there is no day to choose, because the team is not taking requests for a while."""
        return "closed" if self.first_day > self.last_day else ""

    @cached_property
    def last_day(self) -> datetime.date:
        return self.bcu.last_date(self.today)

    def describe(self, day: datetime.date | None) -> str:
        """Return the day and its note, or "" if the requester may not choose it."""
        note = self._day_note(day) if day else ""
        return f"{london.long_date(day)}. {note}" if day and note else ""

    @property
    def day_notes(self) -> str:
        """Return a line for each run of days with the same note: the first day, then the note.

        A run of days that the requester may not choose has an empty note.
        """
        days = [self.first_day + datetime.timedelta(days=n) for n in range((self.last_day - self.first_day).days + 2)]
        return "\n".join(f"{next(run).isoformat()} {note}" for note, run in groupby(days, self._day_note))

    def _day_note(self, day: datetime.date) -> str:
        if not self.first_day <= day <= self.last_day or self.bcu.is_closed(day):
            return ""
        return _day_notes(day, get_language() or "")

    def date_in(self, field: str) -> datetime.date | None:
        try:
            date: datetime.date | None = self.fields[field].to_python(self[field].value())
        except forms.ValidationError:
            return None
        return date

    def begin_with(self, answer: Answer) -> dict[str, Any]:
        if not answer:
            return {}
        begin: dict[str, Any] = {"also": answer["also"]}
        for choice, preferred_time in zip(CHOICES, preferred_times(answer), strict=False):
            begin |= {f"{choice}_date": preferred_time.date, f"{choice}_start": Start.of(preferred_time)}
        return begin

    def in_boxes(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the dates and starts among these values as a browser sends them."""
        data: dict[str, Any] = {}
        for field, value in values.items():
            name = self.add_prefix(field)
            if isinstance(value, datetime.date):
                data |= {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}
            elif isinstance(value, Start):
                data[name] = self.fields[field].prepare_value(value)
        return data

    def _group(self, choice: str, legend: str, hint: str = "") -> Group:
        start_hint = _("For example, 6:30pm") if hint else ""
        return Group(
            legend,
            Question(f"{choice}_date", optional=False, hint=hint),
            DayNotes(self, f"{choice}_date"),
            Question(f"{choice}_start", optional=False, width="10", hint=start_hint),
        )

    def clean(self) -> dict[str, Any]:
        seen: list[RequestedTime] = []
        for choice, which in CHOICES.items():
            self._require_both(choice, str(which))
            time = self._time(choice)
            self._check_rules(choice, str(which), time)
            if time and time in seen:
                self.add_error(f"{choice}_date", _("%(which)s must be another day or time") % {"which": which})
            seen += [time] if time else []
        return self.cleaned_data

    def _time(self, choice: str) -> RequestedTime | None:
        date, start = self.cleaned_data.get(f"{choice}_date"), self.cleaned_data.get(f"{choice}_start")
        return start.on(date, earliest=self.bcu.earliest) if date and start else None

    def _require_both(self, choice: str, which: str) -> None:
        date, start = self.cleaned_data.get(f"{choice}_date"), self.cleaned_data.get(f"{choice}_start")
        if date and not start and f"{choice}_start" not in self.errors:
            self.add_error(f"{choice}_start", _("%(which)s must include a time") % {"which": which})
        if start and not date and f"{choice}_date" not in self.errors:
            self.add_error(f"{choice}_date", _("%(which)s must include a date") % {"which": which})

    def _check_rules(self, choice: str, which: str, time: RequestedTime | None) -> None:
        date = self.cleaned_data.get(f"{choice}_date")
        if date and (problem := self.date_problem(which, date)):
            self.add_error(f"{choice}_date", problem)
        if time and (problem := self.time_problem(which, time)):
            self.add_error(f"{choice}_start", problem)

    def date_problem(self, which: str, date: datetime.date) -> str:
        return date_problem(which, date, bcu=self.bcu, today=self.today, interpreted=self.with_interpreter)

    def time_problem(self, which: str, time: RequestedTime) -> str:
        return time_problem(which, time, bcu=self.bcu)

    def answer(self) -> Answer:
        times = [time for choice in CHOICES if (time := self._time(choice))]
        return {"preferred_times": [saved_time(time) for time in times], "also": self.cleaned_data["also"]}


@lru_cache(maxsize=512)
def _day_notes(day: datetime.date, language: str) -> str:
    """Return the notes of the day. Cached by language, because every such page has about fifty days."""
    return london.day_notes(day)
