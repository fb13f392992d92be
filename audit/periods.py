"""Days in London, and periods of them."""

import datetime
from dataclasses import dataclass

from walkandtalk.lib import london


@dataclass(frozen=True)
class Period:
    """Whole days in London, which have 23 or 25 hours when the clocks change."""

    first_day: datetime.date
    last_day: datetime.date

    @property
    def since(self) -> datetime.datetime:
        return london.first_instant(self.first_day, datetime.time(0))

    @property
    def until(self) -> datetime.datetime:
        """The end of the last day, which is not part of it."""
        return london.first_instant(self.last_day + datetime.timedelta(days=1), datetime.time(0))

    @property
    def in_words(self) -> str:
        if self.first_day == self.last_day:
            return london.long_date(self.first_day)
        return f"{london.long_date(self.first_day)} to {london.long_date(self.last_day)}"


def single_day(day: datetime.date) -> Period:
    return Period(day, day)


def days_up_to(day: datetime.date, days: int) -> Period:
    """Return that many days, of which `day` is the last."""
    return Period(day - datetime.timedelta(days=days - 1), day)
