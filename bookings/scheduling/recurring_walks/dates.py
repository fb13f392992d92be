"""Which dates of the standing walks would suit a woman, the best first."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from bookings.models.bookings import Booking
from bookings.models.sharing import Guest
from bookings.models.walk_queries import PLACES_UNTIL, counting_places
from bookings.statuses import GuestState
from walkandtalk.lib import london
from walks.models.recurring_walks import StandingWalk
from walks.models.walks import Walk
from walks.statuses import WalkStatus

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
    """Dates with a free place that she has time to answer about. One query more, however many walks are made."""
    today = london.local(now).date()
    rows = list(standing)
    made = _made(rows, today)
    found = []
    for each in rows:
        for date in each.dates(today, each.bcu.last_date(today)):
            walk = made[each.pk].get(date)
            if _takes_another(each, date, walk, now):
                taken = walk.taken if walk else 0
                found.append(StandingDate(each, date, taken, _fit(booking, each, date)))
    return sorted(found, key=lambda one: (one.fit, one.date, one.standing.start))[:SHOWN]


def _made(standing: list[StandingWalk], today: datetime.date) -> Mapping[Any, Mapping[Any, Any]]:
    """The walks that were made of each, by date, with what is to be known of their places."""
    asked = Guest.objects.filter(walk=OuterRef("pk"), state=GuestState.ASKED)
    walks = Walk.objects.filter(standing__in=standing, standing_date__gte=today).exclude(status=WalkStatus.CANCELLED)
    made: dict[Any, dict[Any, Any]] = defaultdict(dict)
    for walk in counting_places(walks).annotate(asks_about_guest=Exists(asked)):
        made[walk.standing_id][walk.standing_date] = walk
    return made


def _takes_another(standing: StandingWalk, date: datetime.date, walk: Any, now: datetime.datetime) -> bool:
    """`walk` is the one that was made of that date, as `_made` gives it."""
    try:
        start_at = walk.start_at if walk else standing.start_at(date)
    except london.AwkwardTime:
        return False
    if start_at < now + PLACES_UNTIL:
        return False
    if walk is None:
        return True
    has_place = walk.taken < walk.capacity and walk.agreed == walk.taken
    return walk.status == WalkStatus.SCHEDULED and has_place and not walk.asks_about_guest


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
