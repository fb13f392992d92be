"""Compares figures between BCUs and months. The page and `manage.py figures` both show these."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from figures.counting import Period, Tally, by_bcu, by_month, by_month_and_bcu, waits_by_month, waits_of_all
from figures.showing import FIGURES, HIDDEN_TEXT, Figure, compare_figure, format_figure, is_inexact
from walkandtalk.lib import london

MONTHS = 12
BAR = 100  # the longest bar, in pixels


@dataclass(frozen=True)
class Bar:
    """The text of a cell and the length of its bar, which is 0 if the number is hidden."""

    text: str
    width: int


ShownFigures = tuple[Tally, dict[str, str]]
"""A tally, and the text to show for each of its figures, by code."""
MonthlyFigures = list[tuple[Figure, list[tuple[datetime.date, Bar]]]]
"""A bar for each month, newest first, for each figure."""


@dataclass(frozen=True)
class Comparison:
    """Figures of each BCU, by its id, and of all BCUs together."""

    bcus: dict[int, dict[str, str]]
    total: dict[str, str]
    tallies: dict[int, Tally]
    sum: Tally

    def of(self, bcu: BoroughCommandUnit | None) -> ShownFigures:
        """Return the figures of that BCU, or of all of them."""
        return (self.tallies.get(bcu.pk, Tally()), self.bcus[bcu.pk]) if bcu else (self.sum, self.total)


def visible_figures(user: Officer) -> BookingQuerySet:
    """Return the bookings behind the figures that the user can read."""
    return Booking.objects.in_figures_for(user)


def every_bcu() -> list[BoroughCommandUnit]:
    return list(BoroughCommandUnit.objects.order_by("name"))


def last_days(days: int, *, now: datetime.datetime) -> Period:
    """Return the period of this many London days, today included, up to now."""
    first = london.local(now).date() - datetime.timedelta(days=days - 1)
    return Period(london.first_instant(first, datetime.time(0)), now)


def month_period(first: datetime.date, *, now: datetime.datetime) -> Period:
    since = london.first_instant(first, datetime.time(0))
    return Period(since, min(now, london.first_instant(_months_after(first, 1), datetime.time(0))))


def months_up_to(now: datetime.datetime) -> list[datetime.date]:
    """Return the first day of each of the last twelve months, the current month last."""
    this = london.local(now).date().replace(day=1)
    return [_months_after(this, n) for n in range(1 - MONTHS, 1)]


def _months_after(first: datetime.date, months: int) -> datetime.date:
    n = first.year * 12 + first.month - 1 + months
    return datetime.date(n // 12, n % 12 + 1, 1)


def figures_for_bcu(rows: BookingQuerySet, bcu: BoroughCommandUnit, period: Period, *, exact: bool) -> dict[str, str]:
    return _format_tally(by_bcu(rows.filter(bcu=bcu), period).get(bcu.pk, Tally()), exact=exact)


def _format_tally(tally: Tally, *, exact: bool) -> dict[str, str]:
    return {figure.code: format_figure(figure, tally, exact=exact) for figure in FIGURES}


def compare(rows: BookingQuerySet, bcus: Sequence[BoroughCommandUnit], period: Period) -> Comparison:
    return _compare_bcus(by_bcu(rows, period), bcus, waits_of_all(rows, period))


def _compare_bcus(found: dict[int, Tally], bcus: Sequence[BoroughCommandUnit], waits: dict[str, Any]) -> Comparison:
    """Compare BCUs. Hide small numbers, and any number that would reveal them."""
    tallies = [found.get(bcu.pk, Tally()) for bcu in bcus]
    total = replace(reduce(Tally.plus, tallies, Tally()), **waits)
    compared = Comparison({bcu.pk: {} for bcu in bcus}, {}, tallies=found, sum=total)
    for figure in FIGURES:
        texts, may_total = compare_figure(figure, tallies)
        for bcu, text in zip(bcus, texts, strict=True):
            compared.bcus[bcu.pk][figure.code] = text
        compared.total[figure.code] = format_figure(figure, total, exact=False) if may_total else HIDDEN_TEXT
    return compared


def monthly_figures(rows: BookingQuerySet, *, now: datetime.datetime) -> MonthlyFigures:
    """Return exact figures of the last twelve months, for the inspector who decides on these bookings."""
    months = months_up_to(now)
    tallies_by_month = by_month(rows, _period_of_months(months, now))
    tallies = [tallies_by_month.get(month, Tally()) for month in months]
    return _charts(months, [(tally, _format_tally(tally, exact=True)) for tally in tallies])


def compare_months(
    rows: BookingQuerySet,
    bcus: Sequence[BoroughCommandUnit],
    *,
    chosen: BoroughCommandUnit | None,
    now: datetime.datetime,
) -> MonthlyFigures:
    """Return figures of the last twelve months, of one BCU or of all. Hide what a comparison of all would hide."""
    months = months_up_to(now)
    period = _period_of_months(months, now)
    tallies, waits = by_month_and_bcu(rows, period), waits_by_month(rows, period)
    comparisons = (_compare_bcus(tallies.get(month, {}), bcus, waits.get(month, {})) for month in months)
    return _charts(months, [comparison.of(chosen) for comparison in comparisons])


def _period_of_months(months: Sequence[datetime.date], now: datetime.datetime) -> Period:
    return Period(london.first_instant(months[0], datetime.time(0)), now)


def _charts(months: Sequence[datetime.date], shown_values: Sequence[ShownFigures]) -> MonthlyFigures:
    return [(figure, list(zip(months, _bars(figure, shown_values), strict=True))[::-1]) for figure in FIGURES]


def _bars(figure: Figure, shown_values: Sequence[ShownFigures]) -> list[Bar]:
    texts = [values[figure.code] for _tally, values in shown_values]
    numbers = [0.0 if is_inexact(values[figure.code]) else figure.number(tally) for tally, values in shown_values]
    longest = 100.0 if figure.of else max(numbers) or 1
    return [Bar(values, round(BAR * number / longest)) for values, number in zip(texts, numbers, strict=True)]
