"""Quarters of the year in London time, and the day on which their figures may be published."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from figures.counting import Period
from walkandtalk.lib import london

MONTHS = 3
LATE_DAYS = 28
"""Nothing is published earlier than this many days after the end of its quarter."""
_CODE = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    first_day: datetime.date

    @classmethod
    def of(cls, day: datetime.date) -> Self:
        return cls(day.replace(month=day.month - (day.month - 1) % MONTHS, day=1))

    @classmethod
    def parse(cls, code: str) -> Self | None:
        """Return the quarter with a code such as "2026-Q3"."""
        match = _CODE.fullmatch(code)
        return cls(datetime.date(int(match[1]), MONTHS * int(match[2]) - 2, 1)) if match and int(match[1]) else None

    @property
    def next(self) -> "Quarter":
        return Quarter.of(self.first_day + datetime.timedelta(days=100))

    @property
    def code(self) -> str:
        return f"{self.first_day.year}-Q{self.first_day.month // MONTHS + 1}"

    @property
    def label(self) -> str:
        """The quarter in words, such as "July to September 2026"."""
        first, last = date_format(self.first_day, "F"), date_format(self.last_day, "F Y")
        return _("%(first)s to %(last)s") % {"first": first, "last": last}

    @property
    def short_label(self) -> str:
        """The last month of the quarter, such as "Sep 2026"."""
        return date_format(self.last_day, "M Y")

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
