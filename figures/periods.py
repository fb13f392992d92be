"""The periods that the pages of figures offer: the last days, and months in London time."""

import datetime

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
