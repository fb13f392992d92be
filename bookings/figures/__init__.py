"""How we keep what we promise, in figures. The page and `manage.py figures` show the same."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from bookings.figures.counting import Period, Tally, by_bcu, by_month, owed_now, waits_of_all
from bookings.figures.showing import FEW, FIGURES, HIDDEN, TOO_FEW, Figure, count_in_words, shown, side_by_side
from bookings.models import Booking, BookingQuerySet
from boroughs.models import BoroughCommandUnit, Officer
from walkandtalk.lib import london

__all__ = [
    "FIGURES",
    "Bar",
    "Comparison",
    "Figure",
    "Period",
    "compare",
    "count_in_words",
    "every_bcu",
    "last_days",
    "month_by_month",
    "month_of",
    "months_up_to",
    "of_one_bcu",
    "owed_now",
    "read_by",
]

MONTHS = 12
BAR = 100  # the longest, in pixels


@dataclass(frozen=True)
class Bar:
    """What a cell says, and how long its bar is. Without a number to be told there is none."""

    words: str
    width: int


@dataclass(frozen=True)
class Comparison:
    """Figures of every BCU, by its id, and of all of them together."""

    bcus: dict[int, dict[str, str]] = field(default_factory=dict)
    total: dict[str, str] = field(default_factory=dict)


def read_by(user: Officer) -> BookingQuerySet:
    """The bookings in the figures that this person may read."""
    return Booking.objects.counted_for(user)


def every_bcu() -> list[BoroughCommandUnit]:
    return list(BoroughCommandUnit.objects.order_by("name"))


def last_days(days: int, *, now: datetime.datetime) -> Period:
    """Today and the days before it, on a London calendar, up to now."""
    first = london.local(now).date() - datetime.timedelta(days=days - 1)
    return Period(london.first_instant(first, datetime.time(0)), now)


def month_of(first: datetime.date, *, now: datetime.datetime) -> Period:
    since = london.first_instant(first, datetime.time(0))
    return Period(since, min(now, london.first_instant(_months_after(first, 1), datetime.time(0))))


def months_up_to(now: datetime.datetime) -> list[datetime.date]:
    """The first days of the last twelve months, this one last."""
    this = london.local(now).date().replace(day=1)
    return [_months_after(this, n) for n in range(1 - MONTHS, 1)]


def _months_after(first: datetime.date, months: int) -> datetime.date:
    n = first.year * 12 + first.month - 1 + months
    return datetime.date(n // 12, n % 12 + 1, 1)


def of_one_bcu(rows: BookingQuerySet, bcu: BoroughCommandUnit, period: Period, *, exact: bool) -> dict[str, str]:
    tally = by_bcu(rows.filter(bcu=bcu), period).get(bcu.pk, Tally())
    return {figure.code: shown(figure, tally, exact=exact) for figure in FIGURES}


def compare(rows: BookingQuerySet, bcus: Sequence[BoroughCommandUnit], period: Period) -> Comparison:
    """Small numbers are hidden, and so is whatever would give them away."""
    found = by_bcu(rows, period)
    tallies = [found.get(bcu.pk, Tally()) for bcu in bcus]
    total = replace(reduce(Tally.plus, tallies, Tally()), **waits_of_all(rows, period))
    compared = Comparison({bcu.pk: {} for bcu in bcus})
    for figure in FIGURES:
        words, may_total = side_by_side(figure, tallies)
        for bcu, said in zip(bcus, words, strict=True):
            compared.bcus[bcu.pk][figure.code] = said
        compared.total[figure.code] = shown(figure, total, exact=False) if may_total else HIDDEN
    return compared


def month_by_month(
    rows: BookingQuerySet, *, now: datetime.datetime, exact: bool
) -> list[tuple[Figure, list[tuple[datetime.date, Bar]]]]:
    """Of each figure a bar a month, the last twelve, the newest first."""
    months = months_up_to(now)
    found = by_month(rows, Period(london.first_instant(months[0], datetime.time(0)), now))
    tallies = [found.get(month, Tally()) for month in months]
    return [(figure, list(zip(months, _bars(figure, tallies, exact=exact), strict=True))[::-1]) for figure in FIGURES]


def _bars(figure: Figure, tallies: Sequence[Tally], *, exact: bool) -> list[Bar]:
    words = [shown(figure, tally, exact=exact) for tally in tallies]
    told = [0.0 if _is_hidden(said) else figure.number(tally) for said, tally in zip(words, tallies, strict=True)]
    longest = 100.0 if figure.of else max(told) or 1
    return [Bar(said, round(BAR * number / longest)) for said, number in zip(words, told, strict=True)]


def _is_hidden(words: str) -> bool:
    return FEW in words or words in (TOO_FEW, HIDDEN)
