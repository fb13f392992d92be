"""Unusual numbers of bookings opened in a day."""

import datetime
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from audit.looks import Looks, in_period
from audit.periods import Period
from bookings.models.read_log import ReadLog
from bookings.statuses import ReadReason
from boroughs.models.officers import Officer
from walkandtalk.lib import london

DAYS_BEFORE = 28
"""The past that a day is compared with: four weeks, so that every weekday and shift is in it."""

FEWEST = 10
"""Fewer bookings in a day than this are never unusual: that is an ordinary day of triage."""

MANY = 30
"""This many are unusual for a person with whom nothing can be compared: half of the hourly budget."""

ENOUGH_DAYS = 5
"""The fewest days that make a past."""

LIMIT = 3.5
SCALE = 0.6745
LEAST_SPREAD = 1.0


def is_unusual(count: int, *, own: Sequence[int], team: Sequence[int]) -> bool:
    """Return whether a person opened unusually many bookings in a day.

    `own` are her counts on the days of the last four weeks on which she opened any, `team` those of her colleagues of
    the same BCU and role, one a person and day. A count is unusual if it stands out from either, because a person who
    always reads too much does not stand out from her own past.

    It stands out if its modified z-score, 0.6745 × (count − median) ÷ MAD, is above 3.5, where MAD is the median
    distance from the median. Source: B. Iglewicz and D. Hoaglin, "How to Detect and Handle Outliers", ASQC Basic
    References in Quality Control 16, 1993. Median and MAD ignore up to half of the values, so a few bad days don't
    hide the next. The rule has no answer where the MAD is 0: we take it as at least one booking. That someone looks
    at alerts of this kind follows the privacy officers of the NHS, who review each access without a legitimate
    relationship (Summary Care Record, guidance for privacy officers and Caldicott Guardians).
    """
    if count < FEWEST:
        return False
    pasts = [past for past in (own, team) if len(past) >= ENOUGH_DAYS]
    return any(modified_z_score(count, past) > LIMIT for past in pasts) if pasts else count >= MANY


def modified_z_score(count: int, past: Sequence[int]) -> float:
    median = statistics.median(past)
    spread = statistics.median(abs(each - median) for each in past)
    return SCALE * (count - median) / max(spread, LEAST_SPREAD)


@dataclass(frozen=True)
class UnusualDay:
    """A day on which a person opened unusually many bookings."""

    officer: Officer
    day: datetime.date
    count: int
    own: Sequence[int]
    team: Sequence[int]

    @property
    def compared(self) -> str:
        """The comparison in words: medians, or that there is nothing to compare with."""
        parts = [f"Usual number: {statistics.median(self.own):g}" if self.own else "No earlier days"]
        if self.team:
            parts.append(f"colleagues’: {statistics.median(self.team):g}")
        return ", ".join(parts)


def unusual_days(looks: Looks, period: Period) -> list[UnusualDay]:
    """Return the unusual days of a period, newest first.

    One query if nobody opened many bookings, otherwise three, whatever the number of people and days.
    """
    many = [row for row in _count_by_day(in_period(looks, period)) if row[2] >= FEWEST]
    if not many:
        return []
    before = period.first_day - datetime.timedelta(days=DAYS_BEFORE)
    past = _Past(_count_by_day(in_period(looks, Period(before, period.last_day))))
    days = [
        UnusualDay(past.people[pk], day, count, past.own(pk, day), past.colleagues(pk, day)) for pk, day, count in many
    ]
    unusual = [each for each in days if is_unusual(each.count, own=each.own, team=each.team)]
    return sorted(unusual, key=lambda each: (each.day, each.count), reverse=True)


def _count_by_day(looks: Looks) -> "QuerySet[ReadLog, tuple[int, datetime.date, int]]":
    """Count the bookings that each person opened on each day in London. Lists don't count: nobody opened those."""
    opened = looks.filter(booking__isnull=False).exclude(reason=ReadReason.LIST)
    by_day = opened.order_by().values_list("officer", TruncDate("at", tzinfo=london.LONDON))
    return by_day.annotate(count=Count("booking", distinct=True))


class _Past:
    """The counts of everyone, and those of the four weeks before a day."""

    def __init__(self, rows: Iterable[tuple[int, datetime.date, int]]) -> None:
        self._counts: dict[int, dict[datetime.date, int]] = defaultdict(dict)
        for pk, day, count in rows:
            self._counts[pk][day] = count
        self.people: dict[int, Officer] = Officer.objects.select_related("bcu").in_bulk(list(self._counts))
        self._teams: dict[tuple[int | None, str], list[int]] = defaultdict(list)
        for person in self.people.values():
            self._teams[person.bcu_id, person.role].append(person.pk)
        self._team_counts: dict[tuple[int | None, str, datetime.date], list[tuple[int, int]]] = {}

    def own(self, pk: int, day: datetime.date) -> list[int]:
        """Return the person's own counts of the days on which she opened any."""
        counts = self._counts[pk]
        days = (day - datetime.timedelta(days=n) for n in range(1, DAYS_BEFORE + 1))
        return [counts[each] for each in days if each in counts]

    def colleagues(self, pk: int, day: datetime.date) -> list[int]:
        """Return the counts of the others of her BCU and role, one a person and day."""
        person = self.people[pk]
        key = (person.bcu_id, person.role, day)
        if key not in self._team_counts:
            team = self._teams[person.bcu_id, person.role]
            self._team_counts[key] = [(each, count) for each in team for count in self.own(each, day)]
        return [count for each, count in self._team_counts[key] if each != pk]
