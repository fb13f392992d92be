"""Which dates of the standing walks would suit a woman, the best first."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from bookings.company import have_agreed
from bookings.models import PLACES_UNTIL, Booking, StandingWalk, Walk
from bookings.statuses import GuestState, Status, WalkStatus
from walkandtalk.lib import london

SHOWN = 8
NEAR = datetime.timedelta(minutes=60)
EVENING = datetime.time(17)
SATURDAY = 5


@dataclass(frozen=True)
class StandingDate:
    standing: StandingWalk
    date: datetime.date
    taken: int
    fit: int
    """0 is what she asked for, 3 the rest."""

    @property
    def code(self) -> str:
        return f"{self.standing.pk}:{self.date.isoformat()}"

    @property
    def when(self) -> str:
        return f"{london.long_date(self.date)}, {london.clock(self.standing.start)}"

    @property
    def why(self) -> str:
        suits = ["The day and time she asked for", "A day she asked for", "She could also do such days", ""][self.fit]
        women = f"{self.taken} of at most {self.standing.capacity} women"
        return " · ".join(filter(None, [suits, self.standing.meeting_place, women]))


def dates_for(booking: Booking, standing: Iterable[StandingWalk], now: datetime.datetime) -> list[StandingDate]:
    """Dates with a free place that she has time to answer about. Two queries more for each walk that is made."""
    today = london.local(now).date()
    found = []
    for each in standing:
        made = _made(each)
        for date in each.dates(today, each.bcu.last_date(today)):
            walk = made.get(date)
            if _takes_another(each, date, walk, now):
                taken = walk.taken if walk else 0
                found.append(StandingDate(each, date, taken, _fit(booking, each, date)))
    return sorted(found, key=lambda one: (one.fit, one.date, one.standing.start))[:SHOWN]


def _made(standing: StandingWalk) -> dict[datetime.date, Walk]:
    walks = {walk.standing_date: walk for walk in standing.walks.all() if walk.status != WalkStatus.CANCELLED}
    for walk in walks.values():
        walk.taken = walk.bookings.filter(status=Status.SCHEDULED).count()
    return {date: walk for date, walk in walks.items() if date is not None}


def _takes_another(standing: StandingWalk, date: datetime.date, walk: Walk | None, now: datetime.datetime) -> bool:
    try:
        start_at = walk.start_at if walk else standing.start_at(date)
    except london.AwkwardTime:
        return False
    if start_at < now + PLACES_UNTIL:
        return False
    if walk is None:
        return True
    is_asked = walk.guests.filter(state=GuestState.ASKED).exists()
    return walk.status == WalkStatus.SCHEDULED and walk.taken < walk.capacity and have_agreed(walk) and not is_asked


def _fit(booking: Booking, standing: StandingWalk, date: datetime.date) -> int:
    wishes = [wish for wish in booking.wishes_now() if wish.date == date]
    if any(_apart(wish.start, standing.start) <= NEAR for wish in wishes):
        return 0
    if wishes:
        return 1
    is_evening = date.weekday() < SATURDAY and standing.start >= EVENING
    return 2 if (booking.weekday_evenings and is_evening) or (booking.weekends and date.weekday() >= SATURDAY) else 3


def _apart(one: datetime.time, other: datetime.time) -> datetime.timedelta:
    day = datetime.date(2000, 1, 1)
    return abs(datetime.datetime.combine(day, one) - datetime.datetime.combine(day, other))
