"""The tallies of every period on a page of figures: stored by a job, or counted now."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import reduce
from typing import Any

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.models.freezes import Freeze
from boroughs.models.officers import Officer
from figures.counting import Period, Tally, by_bcu, by_month_and_bcu, waits_by_month, waits_of_all
from figures.models.tallies import StoredTally
from figures.periods import LAST, last_days, month_code, month_period, months_up_to
from figures.replica import MOST_LAG
from walkandtalk.lib import london

ALL = None
"""The key of London among those of BCUs."""
EVERY = datetime.timedelta(minutes=10)
GOOD_FOR = 2 * EVERY
"""If the job is late by more, a page counts for itself."""
LONGEST_TRANSACTION = datetime.timedelta(minutes=5)
"""A freeze may be saved this long after the moment that is written in it."""
COUNTS = [field.name for field in fields(Tally)]

Tallies = Mapping[int | None, Tally]
"""The tally of each BCU, by its id, and of all of London."""


@dataclass(frozen=True)
class Counted:
    """Tallies by the code of their period. They were counted at that moment, so the periods end there."""

    at: datetime.datetime
    by_period: Mapping[str, Tallies]

    def of(self, period: str) -> Tallies:
        return self.by_period.get(period, {})


def counted_for(user: Officer, *, period: str, now: datetime.datetime) -> Counted:
    """Return the tallies behind this person's figures: stored ones if they may be shown, or else counted now."""
    return _stored(user, now) or count(Booking.objects.in_figures_for(user), now=now, last=LAST.keys() & {period})


def count(rows: BookingQuerySet, *, now: datetime.datetime, last: Iterable[str] = LAST) -> Counted:
    """Count every month, and these of the last days, in a fixed number of queries."""
    counted = _count_months(rows, now)
    for code in last:
        counted[code] = count_period(rows, last_days(int(code), now=now))
    return Counted(now, counted)


def count_period(rows: BookingQuerySet, period: Period) -> Tallies:
    return _with_london(by_bcu(rows, period), waits_of_all(rows, period))


def _count_months(rows: BookingQuerySet, now: datetime.datetime) -> dict[str, Tallies]:
    months = months_up_to(now)
    period = Period(month_period(months[0], now=now).since, now)
    tallies, waits = by_month_and_bcu(rows, period), waits_by_month(rows, period)
    return {month_code(month): _with_london(tallies.get(month, {}), waits.get(month, {})) for month in months}


def _with_london(tallies: dict[Any, Tally], waits: dict[str, Any]) -> Tallies:
    """Add all of London: the counts of BCUs added up, and its own waits."""
    london_tally = replace(reduce(Tally.plus, tallies.values(), Tally()), **waits)
    return dict[int | None, Tally](tallies) | {ALL: london_tally}


def _stored(user: Officer, now: datetime.datetime) -> Counted | None:
    """Return what the job stored, unless it is too old, of another day, or a booking has been restricted since."""
    midnight = london.first_instant(london.local(now).date(), datetime.time(0))
    since = max(now - GOOD_FOR, midnight)
    rows = StoredTally.objects.in_figures_for(user).filter(counted_at__gte=since, counted_at__lte=now)
    stored: dict[str, dict[int | None, Tally]] = {}
    counted_at = now
    for period, bcu, at, *counts in rows.values_list("period", "bcu", "counted_at", *COUNTS):
        stored.setdefault(period, {})[bcu] = Tally(**dict(zip(COUNTS, counts, strict=True)))
        counted_at = min(counted_at, at)
    if not stored or Freeze.objects.filter(at__gt=counted_at - LONGEST_TRANSACTION - MOST_LAG).exists():
        return None
    return Counted(counted_at, stored)
