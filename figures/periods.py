"""The periods of figures: the last days, months and quarters of the year, in London time."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from figures.counting import Period
from walkandtalk.lib import london

LAST = {"28": "Last 28 days", "90": "Last 90 days"}
MONTHS = 12
"""The full months that charts show. The month that isn't over is only a period of its own: it would draw a fall."""


def last_days(days: int, *, now: datetime.datetime) -> Period:
    """Return the period of this many London days, today included, up to now."""
    first = london.local(now).date() - datetime.timedelta(days=days - 1)
    return Period(london.first_instant(first, datetime.time(0)), now)


def month_period(first: datetime.date, *, now: datetime.datetime) -> Period:
    since = london.first_instant(first, datetime.time(0))
    return Period(since, min(now, london.first_instant(_months_after(first, 1), datetime.time(0))))


def months_up_to(now: datetime.datetime) -> list[datetime.date]:
    """Return the first day of each of the last twelve full months, and of the current month, which is the last."""
    this = london.local(now).date().replace(day=1)
    return [_months_after(this, n) for n in range(-MONTHS, 1)]


def months_over(now: datetime.datetime) -> list[datetime.date]:
    """Return the first day of each of the last twelve full months, earliest first."""
    return months_up_to(now)[:-1]


def last_day(period: Period) -> datetime.date:
    return london.local(period.until - datetime.timedelta(microseconds=1)).date()


def _months_after(first: datetime.date, months: int) -> datetime.date:
    n = first.year * 12 + first.month - 1 + months
    return datetime.date(n // 12, n % 12 + 1, 1)


def month_code(first: datetime.date) -> str:
    """Return the code of a month in addresses and files, like "2026-11"."""
    return f"{first:%Y-%m}"


def parse_period(code: str, *, now: datetime.datetime) -> Period:
    """Return the period for "28" or "90" days, or for a month such as "2026-11"."""
    if code in LAST:
        return last_days(int(code), now=now)
    return month_period(datetime.date.fromisoformat(f"{code}-01"), now=now)


def period_choices(now: datetime.datetime) -> list[tuple[str, str]]:
    """Return the code and the name of each period, the newest month first."""
    months = [(month_code(month), f"{month:%B %Y}") for month in reversed(months_up_to(now))]
    return [*LAST.items(), *months]


# --- Quarters ---------------------------------------------------------------------------------------------------------

QUARTER = 3
"""Months."""
LATE_DAYS = 28
"""Nothing is published earlier than this many days after the end of its quarter."""
_CODE = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    first_day: datetime.date

    @classmethod
    def of(cls, day: datetime.date) -> Self:
        return cls(day.replace(month=day.month - (day.month - 1) % QUARTER, day=1))

    @classmethod
    def parse(cls, code: str) -> Self | None:
        """Return the quarter with a code such as "2026-Q3"."""
        match = _CODE.fullmatch(code)
        return cls(datetime.date(int(match[1]), QUARTER * int(match[2]) - 2, 1)) if match and int(match[1]) else None

    @property
    def next(self) -> "Quarter":
        return Quarter.of(self.first_day + datetime.timedelta(days=100))

    @property
    def code(self) -> str:
        return f"{self.first_day.year}-Q{self.first_day.month // QUARTER + 1}"

    @property
    def label(self) -> str:
        """The quarter in words, such as "July to September 2026"."""
        first, last = date_format(self.first_day, "F"), date_format(self.last_day, "F Y")
        return _("%(first)s to %(last)s") % {"first": first, "last": last}

    @property
    def short_label(self) -> str:
        """The first and last month of the quarter, such as "Jul–Sep 2026"."""
        return f"{date_format(self.first_day, 'M')}–{date_format(self.last_day, 'M Y')}"

    @property
    def last_day(self) -> datetime.date:
        return self.next.first_day - datetime.timedelta(days=1)

    @property
    def period(self) -> Period:
        midnight = datetime.time(0)
        return Period(*(london.first_instant(day, midnight) for day in (self.first_day, self.next.first_day)))

    @property
    def public_from(self) -> datetime.date:
        return self.next.first_day + datetime.timedelta(days=LATE_DAYS)


def quarters_to_publish(since: datetime.date, today: datetime.date) -> Iterator[Quarter]:
    """Yield the quarters from the one of that day on whose figures may be public by now."""
    quarter = Quarter.of(since)
    while quarter.public_from <= today:
        yield quarter
        quarter = quarter.next
