"""The figure that everyone can read, on the home page (docs/decisions/figures.md)."""

import datetime
from typing import cast

from bookings.models.bookings import Booking
from bookings.statuses import Status
from figures.counting import Period
from walkandtalk.lib import london
from walkandtalk.lib.local_cache import local_cache

FEWEST = 50
STEP = 10
CACHE_SECONDS = 60 * 60


def walks_completed(now: datetime.datetime) -> int:
    """Return how often women walked in the twelve full months before this one, rounded down to tens.

    Return 0 if that is fewer than FEWEST. The figure changes once a month, so that nobody can see it grow by one woman.
    """
    first = london.local(now).date().replace(day=1)
    return cast(int, local_cache.get_or_set(f"walks-completed-{first}", lambda: _count(first), CACHE_SECONDS))


def _count(first: datetime.date) -> int:
    midnight = datetime.time(0)
    year = Period(*(london.first_instant(day, midnight) for day in (first.replace(year=first.year - 1), first)))
    walked = Booking.objects.filter(year.has("walk__start_at"), status=Status.COMPLETED, nominated_inspector=None)
    count = walked.count()
    return count - count % STEP if count >= FEWEST else 0
