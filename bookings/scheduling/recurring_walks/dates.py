"""The dates of recurring walks that would suit a requester, best matches first."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from bookings.models.bookings import Booking
from bookings.models.sharing import Guest
from bookings.models.walk_queries import PLACE_OFFER_NOTICE, with_place_counts
from bookings.statuses import GuestState
from walkandtalk.lib import london
from walks.models.recurring_walks import RecurringWalk
from walks.models.walks import Walk
from walks.statuses import WalkStatus

SHOWN = 8
EVENING = datetime.time(17)
SATURDAY = 5


@dataclass(frozen=True)
class FreeDate:
    """A date of a recurring walk with a free place."""

    recurring_walk: RecurringWalk
    date: datetime.date
    places_taken: int

    @property
    def code(self) -> str:
        return f"{self.recurring_walk.pk}:{self.date.isoformat()}"

    @property
    def when(self) -> str:
        return f"{london.long_date(self.date)}, {london.clock(self.recurring_walk.start)}"

    def _reasons(self, suits: str) -> str:
        places = f"{self.places_taken} of {self.recurring_walk.capacity} places taken"
        return " · ".join(filter(None, [suits, self.recurring_walk.meeting_place, places]))


@dataclass(frozen=True)
class RecurringWalkDate(FreeDate):
    """A date for one requester."""

    suitability: int
    """From 0 for the day and time the requester asked for, to 3 for no match."""

    @property
    def why(self) -> str:
        suits = ["The day and time she asked for", "A day she asked for", "A day like this also suits her", ""]
        return self._reasons(suits[self.suitability])


@dataclass(frozen=True)
class DateForMany(FreeDate):
    """A date for several requesters."""

    women: int
    asked: int
    """How many of them asked for that day."""

    @property
    def why(self) -> str:
        return self._reasons(f"{self.asked} of {self.women} asked for that day" if self.asked else "")


def suitable_dates(
    booking: Booking, recurring_walks: Iterable[RecurringWalk], now: datetime.datetime
) -> list[RecurringWalkDate]:
    """Return dates with a free place and enough time to answer. One extra query, however many walks there are."""
    dates = [
        RecurringWalkDate(**vars(free), suitability=_suitability(booking, free.recurring_walk, free.date))
        for free in _free_dates(recurring_walks, now)
    ]
    return sorted(dates, key=lambda date: (date.suitability, date.date, date.recurring_walk.start))[:SHOWN]


def dates_for_many(
    bookings: Collection[Booking], recurring_walks: Iterable[RecurringWalk], now: datetime.datetime
) -> list[DateForMany]:
    """Return the same dates for several requesters, those for which most of them asked first."""
    days = [{time.date for time in booking.current_preferred_times()} for booking in bookings]
    dates = [
        DateForMany(**vars(free), women=len(bookings), asked=sum(free.date in hers for hers in days))
        for free in _free_dates(recurring_walks, now)
    ]
    return sorted(dates, key=lambda date: (-date.asked, date.date, date.recurring_walk.start))[:SHOWN]


def _free_dates(recurring_walks: Iterable[RecurringWalk], now: datetime.datetime) -> Iterator[FreeDate]:
    today = london.local(now).date()
    rows = list(recurring_walks)
    walks = _walks_by_date(rows, today)
    for recurring_walk in rows:
        for date in recurring_walk.dates(today, recurring_walk.bcu.last_date(today)):
            walk = walks[recurring_walk.pk].get(date)
            if _has_free_place(recurring_walk, date, walk, now):
                yield FreeDate(recurring_walk, date, walk.places_taken if walk else 0)


def _walks_by_date(recurring_walks: list[RecurringWalk], today: datetime.date) -> Mapping[Any, Mapping[Any, Any]]:
    """Return the walks already created, by recurring walk and date, with the counts that show their free places."""
    open_invitations = Guest.objects.filter(walk=OuterRef("pk"), state=GuestState.ASKED)
    walks = Walk.objects.filter(recurring_walk__in=recurring_walks, recurring_date__gte=today).exclude(
        status=WalkStatus.CANCELLED
    )
    walks_by_date: dict[Any, dict[Any, Any]] = defaultdict(dict)
    for walk in with_place_counts(walks).annotate(asks_about_guest=Exists(open_invitations)):
        walks_by_date[walk.recurring_walk_id][walk.recurring_date] = walk
    return walks_by_date


def _has_free_place(recurring_walk: RecurringWalk, date: datetime.date, walk: Any, now: datetime.datetime) -> bool:
    """Return whether this date has a free place. `walk` is that date's walk from `_walks_by_date`, or None."""
    try:
        start_at = walk.start_at if walk else recurring_walk.start_at(date)
    except london.AmbiguousOrMissingTime:
        return False
    if start_at < now + PLACE_OFFER_NOTICE:
        return False
    if walk is None:
        return True
    has_place = walk.places_taken < walk.capacity and walk.consents == walk.places_taken
    return walk.status == WalkStatus.SCHEDULED and has_place and not walk.asks_about_guest


def _suitability(booking: Booking, recurring_walk: RecurringWalk, date: datetime.date) -> int:
    preferred_times = [
        preferred_time for preferred_time in booking.current_preferred_times() if preferred_time.date == date
    ]
    if any(preferred_time.is_near(recurring_walk.start) for preferred_time in preferred_times):
        return 0
    if preferred_times:
        return 1
    is_evening = date.weekday() < SATURDAY and recurring_walk.start >= EVENING
    return (
        2
        if (booking.contact.weekday_evenings and is_evening)
        or (booking.contact.weekends and date.weekday() >= SATURDAY)
        else 3
    )
