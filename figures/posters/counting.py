"""Count the requests that posters brought (docs/decisions/poster.md)."""

from collections.abc import Collection

from django.db.models import Count

from bookings.models.booking_queries import BookingQuerySet
from bookings.statuses import Status
from figures.showing import FEW_TEXT, SMALLEST_COUNT


def requests_in_words(bookings: BookingQuerySet, codes: Collection[str]) -> dict[str, str]:
    """Return how many of these requests each poster brought, in words, in one query.

    Every number below 5 reads alike, 0 as well: with a 0, the first request would be one that everyone could see
    coming. There is no total, which would give a hidden number away.
    """
    counted = bookings.filter(source__in=codes).exclude(confirmed_at=None).exclude(status=Status.NOT_MINE)
    counts = dict(counted.order_by().values_list("source").annotate(number=Count("pk")))
    return {code: _in_words(counts.get(code, 0)) for code in codes}


def _in_words(count: int) -> str:
    return str(count) if count >= SMALLEST_COUNT else FEW_TEXT
