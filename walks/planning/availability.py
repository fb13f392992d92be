"""Officers' availability: weekly patterns, single days that override them, and walks."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils import timezone

from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.models.duties import DutyDay, WeeklyDuty
from walks.models.walks import Assignment, Walk
from walks.statuses import DutyKind, WalkStatus

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
MINIMUM_REST = datetime.timedelta(hours=11)
"""Minimum rest between two days' work: Working Time Regulations 1998, regulation 10."""

TimeSpan = tuple[datetime.datetime, datetime.datetime]
DutyTimes = tuple[datetime.time, datetime.time]


class Availability(IntEnum):
    """An officer's availability at a time. Officers with lower values are suggested first."""

    ON_DUTY = 0
    UNKNOWN = 1
    ON_DUTY_AT_ANOTHER_TIME = 2
    OFF = 3
    LEAVE = 4


@dataclass(frozen=True)
class DutyOnDay:
    """One officer's duty on one day. `kind` is None if nothing is known."""

    date: datetime.date
    kind: DutyKind | None
    times: DutyTimes | None = None
    is_exception: bool = False
    """Set for this day, not by the weekly pattern."""

    @property
    def span(self) -> TimeSpan | None:
        if self.times is None:
            return None
        start, end = self.times
        last_day = self.date if end > start else self.date + DAY
        return london.first_instant(self.date, start), london.first_instant(last_day, end)

    @property
    def description(self) -> str:
        """Describe the duty, as in "7am to 3pm" or "Leave"."""
        if self.times is not None:
            return f"{london.clock(self.times[0])} to {london.clock(self.times[1])}"
        return str(self.kind.label) if self.kind else "Not known"


WeeklyDuties = Mapping[tuple[int, int], DutyTimes]
"""The usual duty by officer and weekday."""
DutyDays = Mapping[tuple[int, datetime.date], tuple[DutyKind, DutyTimes | None]]
"""The single days that override it, by officer and date."""


class AssignedWalk(NamedTuple):
    span: TimeSpan
    taken: DateTimeTZRange
    """The walk and the gap after it."""


class TeamAvailability:
    """The duties and walks of some officers between two dates, in three queries for any number of officers."""

    def __init__(
        self,
        weekly: WeeklyDuties,
        days: DutyDays,
        walks: Mapping[int, list[AssignedWalk]],
    ) -> None:
        self._weekly = weekly
        self._have_a_pattern = {officer_id for officer_id, _weekday in weekly}
        self._days = days
        self._walks = walks

    @classmethod
    def load(
        cls, officers: Iterable[Officer], first: datetime.date, last: datetime.date, *, except_walk: Walk | None = None
    ) -> "TeamAvailability":
        """Load one more day at each end, to work out rest. Leave out `except_walk`, which is being changed."""
        ids = [officer.pk for officer in officers]
        days = DutyDay.objects.filter(officer__in=ids, date__range=(first - DAY, last + DAY))
        return cls(weekly_duties(ids), duty_days(days), _walks_of(ids, first - DAY, last + DAY, except_walk))

    def with_days(
        self, days: Mapping[tuple[int, datetime.date], tuple[DutyKind, DutyTimes | None] | None]
    ) -> "TeamAvailability":
        """Return the availability with these single days instead. For None the weekly pattern applies again."""
        changed = {**self._days, **days}
        return TeamAvailability(self._weekly, {day: duty for day, duty in changed.items() if duty}, self._walks)

    def with_week(self, officer_id: int, week: Mapping[int, DutyTimes]) -> "TeamAvailability":
        """Return the availability with this weekly pattern of one officer instead."""
        others = {day: times for day, times in self._weekly.items() if day[0] != officer_id}
        hers = {(officer_id, weekday): times for weekday, times in week.items()}
        return TeamAvailability(others | hers, self._days, self._walks)

    def of(self, officer_id: int, date: datetime.date) -> DutyOnDay:
        if (officer_id, date) in self._days:
            kind, times = self._days[officer_id, date]
            return DutyOnDay(date, kind, times, is_exception=True)
        if times := self._weekly.get((officer_id, date.weekday())):
            return DutyOnDay(date, DutyKind.ON, times)
        return DutyOnDay(date, DutyKind.OFF if officer_id in self._have_a_pattern else None)

    def at(self, officer_id: int, span: TimeSpan) -> Availability:
        today = self.of(officer_id, london.local(span[0]).date())
        yesterday = self.of(officer_id, today.date - DAY)  # a night duty may last until this morning
        if any(_covers(day.span, span) for day in (yesterday, today)):
            return Availability.ON_DUTY
        if today.kind is None:
            return Availability.UNKNOWN
        return {
            DutyKind.ON: Availability.ON_DUTY_AT_ANOTHER_TIME,
            DutyKind.OFF: Availability.OFF,
            DutyKind.LEAVE: Availability.LEAVE,
        }[today.kind]

    def rest(self, officer_id: int, date: datetime.date, span: TimeSpan | None = None) -> datetime.timedelta | None:
        """Return the shorter rest before or after that day's work, including `span`, or None if it is long enough."""
        day = self._work(officer_id, date, span)
        before, after = self._work(officer_id, date - DAY), self._work(officer_id, date + DAY)
        if day is None:
            return None
        rests = [day[0] - before[1]] if before else []
        rests += [after[0] - day[1]] if after else []
        shortest = min(rests, default=MINIMUM_REST)
        return max(shortest, datetime.timedelta()) if shortest < MINIMUM_REST else None

    def walk_times_on(self, officer_id: int, date: datetime.date) -> list[TimeSpan]:
        spans = [walk.span for walk in self._walks.get(officer_id, [])]
        return [span for span in spans if london.local(span[0]).date() == date]

    def is_free(self, officer_id: int, wanted: DateTimeTZRange) -> bool:
        """Return whether the officer has no walk, or gap after a walk, in this period."""
        taken = [walk.taken for walk in self._walks.get(officer_id, [])]
        return all(period.upper <= wanted.lower or wanted.upper <= period.lower for period in taken)

    def _work(self, officer_id: int, date: datetime.date, span: TimeSpan | None = None) -> TimeSpan | None:
        """Return the officer's working day, from the start of the first duty or walk to the end of the last."""
        duty = self.of(officer_id, date).span
        spans = [period for period in (duty, span, *self.walk_times_on(officer_id, date)) if period is not None]
        return (min(start for start, _end in spans), max(end for _start, end in spans)) if spans else None


def weekly_duties(officer_ids: Collection[int]) -> WeeklyDuties:
    rows = WeeklyDuty.objects.filter(officer__in=officer_ids).values_list("officer_id", "weekday", "start", "end")
    return {(officer_id, weekday): (start, end) for officer_id, weekday, start, end in rows}


def duty_days(days: QuerySet[DutyDay]) -> DutyDays:
    rows = days.values_list("officer_id", "date", "kind", "start", "end")
    return {
        (officer_id, date): (DutyKind(kind), (start, end) if start and end else None)
        for officer_id, date, kind, start, end in rows
    }


def dates_from(first: datetime.date, count: int) -> Iterator[datetime.date]:
    return (first + DAY * number for number in range(count))


def describe_rest(rest: datetime.timedelta | None) -> str:
    """Describe a rest that is too short, as in "9 hours of rest". Empty if it is long enough."""
    if rest is None:
        return ""
    hours = int(rest / HOUR)
    return f"{hours} hour{'' if hours == 1 else 's'} of rest"


def _covers(duty: TimeSpan | None, span: TimeSpan) -> bool:
    return duty is not None and duty[0] <= span[0] and span[1] <= duty[1]


def _walks_of(
    ids: Collection[int], first: datetime.date, last: datetime.date, except_walk: Walk | None
) -> dict[int, list[AssignedWalk]]:
    midnight = datetime.time()
    start, end = london.first_instant(first, midnight), london.first_instant(last + DAY, midnight)
    live = Assignment.objects.busy_between(start, end).filter(officer__in=ids)
    if except_walk is not None:
        live = live.exclude(walk=except_walk)
    now = timezone.now()
    walks: dict[int, list[AssignedWalk]] = {}
    for officer_id, taken, start_at, minutes, status, gap in live.values_list(
        "officer_id", "period", "walk__start_at", "walk__minutes", "walk__status", "walk__bcu__gap_minutes"
    ):
        span = start_at, start_at + datetime.timedelta(minutes=minutes)
        if status == WalkStatus.UNDER_WAY:  # it may run over: she is busy until it has ended, and for the gap
            taken = DateTimeTZRange(taken.lower, max(taken.upper, now + datetime.timedelta(minutes=gap)), "[)")
        walks.setdefault(officer_id, []).append(AssignedWalk(span, taken))
    return walks
