"""Forms for an officer's weekly pattern and single days of duty."""

import calendar
import datetime
import re
from collections.abc import Collection, Iterator
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.govuk.forms import ClockTimeField, PageForm, ThreePartDateField
from walkandtalk.lib.govuk.layout import Group, Layout, LayoutObject, Question
from walks.duties.entries import DutyEntry
from walks.planning.availability import DAY, DutyTimes, dates_from
from walks.planning.duty_conflicts import DutyConflict
from walks.statuses import DutyKind

WEEKDAYS = tuple(enumerate(calendar.day_name))
AHEAD = datetime.timedelta(days=366)
BETWEEN = re.compile(r"\s*(?:\bto\b|-|–|—|\buntil\b)\s*", re.IGNORECASE)


class DutyTimesField(forms.Field):
    """A start and an end, from "7am to 3pm", "07:00-15:00" or "22:00 to 06:00". The end may be the next morning."""

    widget = forms.TextInput(attrs={"autocomplete": "off"})

    def prepare_value(self, value: object) -> object:
        return f"{london.clock(value[0])} to {london.clock(value[1])}" if isinstance(value, tuple) else value

    def to_python(self, value: object) -> DutyTimes | None:
        text = str(value or "").strip()
        if not text:
            return None
        parts = BETWEEN.split(text)
        if len(parts) != 2 or not all(parts):
            raise ValidationError(f"{self.label} must have a start and an end, like 7am to 3pm")
        start, end = (ClockTimeField(subject=f"{self.label}: “{part[:20]}”").clean(part) for part in parts)
        if start == end:
            raise ValidationError(f"{self.label} must start and end at different times")
        return start, end


class SaveAnywayForm(PageForm):
    """A form that saves duties over walks only after its page has listed those walks."""

    listed = forms.CharField(required=False, widget=forms.HiddenInput)

    def has_listed(self, collisions: Collection[DutyConflict]) -> bool:
        return {collision.key for collision in collisions} <= set(self.cleaned_data["listed"].split())

    def list_collisions(self, collisions: Collection[DutyConflict]) -> None:
        """Save these on the next press, and no walk that is scheduled in the meantime."""
        self.data = cast("Any", self.data).copy()
        cast("Any", self.data)["listed"] = " ".join(collision.key for collision in collisions)
        self.button = "Save anyway"


class WeeklyDutyForm(SaveAnywayForm):
    """The officer's weekly pattern. An empty day is a day off."""

    button = "Save the weekly pattern"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in WEEKDAYS:
            self.fields[f"day_{number}"] = DutyTimesField(label=name, required=False)

    @staticmethod
    def initial_of(officer: Officer) -> dict[str, DutyTimes]:
        return {f"day_{duty.weekday}": (duty.start, duty.end) for duty in officer.weekly_duties.all()}

    def week(self) -> dict[int, DutyTimes]:
        return {number: times for number, _name in WEEKDAYS if (times := self.cleaned_data[f"day_{number}"])}

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            *(Question(f"day_{number}", size="s", width="10", optional=False) for number, _name in WEEKDAYS)
        )
        return layout


class DutyDaysForm(SaveAnywayForm):
    """One day or several in a row: on duty, not on duty, on leave, or back to the weekly pattern."""

    button = "Save these days"
    AS_WEEKLY_PATTERN = "week"
    KINDS = (*DutyKind.choices, (AS_WEEKLY_PATTERN, "Back to the weekly pattern"))

    first = ThreePartDateField(
        label="First day",
        subject="First day",
        help_text="For example, 27 3 2027",
        error_messages={"required": "Enter the first day"},
    )
    last = ThreePartDateField(
        label="Last day", subject="Last day", required=False, help_text="Leave it empty for one day."
    )
    kind = forms.ChoiceField(
        label="Duty on these days",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the duty on these days"},
    )
    times = DutyTimesField(label="On duty", required=False, help_text="For example, 2pm to 10pm, or 22:00 to 06:00.")

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        first_day, last_day = answers.get("first"), answers.get("last") or answers.get("first")
        if first_day and last_day:
            self._check_days(first_day, last_day)
        if answers.get("kind") == DutyKind.ON and "times" in answers and not answers["times"]:
            self.add_error("times", "Enter the times of the duty, like 2pm to 10pm")
        return answers

    def _check_days(self, first: datetime.date, last: datetime.date) -> None:
        today = london.today()
        if not today - DAY <= first <= today + AHEAD:
            self.add_error("first", "First day must be from yesterday to a year from now")
        elif not first <= last <= first + AHEAD:
            self.add_error("last", "Last day must be the first day or later, and within a year of it")

    def entries(self, officer: Officer) -> list[DutyEntry]:
        answers = self.cleaned_data
        kind = None if answers["kind"] == self.AS_WEEKLY_PATTERN else DutyKind(answers["kind"])
        times = answers["times"] if kind == DutyKind.ON else None
        return [DutyEntry(officer=officer, date=date, kind=kind, times=times) for date in self._dates()]

    def _dates(self) -> Iterator[datetime.date]:
        first_day = self.cleaned_data["first"]
        last_day = self.cleaned_data["last"] or first_day
        return dates_from(first_day, (last_day - first_day).days + 1)

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            Group("Which days", Question("first", size="s"), Question("last", size="s")),
            Question("kind", reveal={DutyKind.ON: Question("times", width="10")}),
        )
        return layout


class LeaveForm(DutyDaysForm):
    """The first and the last day of leave."""

    button = "Save this leave"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"].label, self.fields["last"].label = "First day of leave", "Last day of leave"
        del self.fields["kind"], self.fields["times"]

    def entries(self, officer: Officer) -> list[DutyEntry]:
        return [DutyEntry(officer=officer, date=date, kind=DutyKind.LEAVE) for date in self._dates()]

    def question(self) -> LayoutObject:
        return Layout(Question("first", size="s"), Question("last", size="s"))


class WeekShownForm(forms.Form):
    """The week that a page shows."""

    week = forms.DateField(required=False, input_formats=["%Y-%m-%d"])

    def monday(self) -> datetime.date:
        """Return the Monday of the chosen week, or of this week if the address is invalid."""
        chosen_date = self.cleaned_data["week"] if self.is_valid() else None
        today = london.today()
        date = chosen_date if chosen_date and abs(chosen_date - today) <= AHEAD * 2 else today
        return date - DAY * date.weekday()


class MonthShownForm(forms.Form):
    """The month that a page shows, if it shows one."""

    month = forms.DateField(input_formats=["%Y-%m"])

    def first_day(self) -> datetime.date | None:
        """Return the first day of the chosen month, or of this month if it is invalid or too far away."""
        if "month" not in self.data:
            return None
        today = london.today()
        chosen: datetime.date = self.cleaned_data["month"] if self.is_valid() else today
        return (chosen if abs(chosen - today) <= AHEAD * 2 else today).replace(day=1)


class OfficerCursorForm(forms.Form):
    """The last officer on the page before."""

    after = forms.IntegerField(min_value=1, max_value=2**31, required=False)

    def row(self) -> int | None:
        """Return the officer's id, or None for the first page, also if the address is invalid."""
        return self.cleaned_data["after"] if self.is_valid() else None
