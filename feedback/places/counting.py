"""How many women told us of the same kind of concern at the same place."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q

from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement
from feedback.models.places import RepeatedPlace, ReportedPlace
from feedback.statuses import UNSETTLED_STATES, State

PERIOD = datetime.timedelta(days=90)
"""A trend compares the last period with the one before."""
UNCOUNTED = frozenset({State.DIVERTED, State.WITHDRAWN})
KEY = ["place", "kind"]
COUNTS = ["women", "confirmed", "recent", "earlier", "latest_at"]
KNOWN = Q(report__booking__isnull=False) | Q(report__is_confirmed=True)
"""Someone without a walk counts as known once the link in our email was opened. Reports without email can be many."""
BATCH = 1000


@transaction.atomic
def count_repeated_places(now: datetime.datetime) -> None:
    """Count the women of every place again: once each, however often one told us.

    A concern that is kept from a BCU, diverted, withdrawn or about to be deleted is never counted, nor is a good spot.
    One query counts all, so a page never has to. What women told us meanwhile is counted the next time.
    """
    known = {(place, kind): counts for place, kind, *counts in RepeatedPlace.objects.values_list(*KEY, *COUNTS)}
    counted = {(place, kind): (bcu, counts) for place, bcu, kind, *counts in _counts(now)}
    # Most are as they were, and each row that is written leaves an old one behind.
    rows = [
        RepeatedPlace(place_id=place, bcu_id=bcu, kind=kind, **dict(zip(COUNTS, counts, strict=True)))
        for (place, kind), (bcu, counts) in counted.items()
        if known.get((place, kind)) != counts
    ]
    RepeatedPlace.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=KEY, update_fields=COUNTS
    )
    gone = [pk for pk, *key in RepeatedPlace.objects.values_list("pk", *KEY) if tuple(key) not in counted]
    RepeatedPlace.objects.filter(pk__in=gone).delete()
    _delete_unused_places()


def _delete_unused_places() -> None:
    """Delete places at which no concern and no improvement is any more, so that a deleted one leaves no point behind.

    The rows are locked, then looked at again: a place that someone is choosing now is kept (`locating.place_at`).
    """
    there = OuterRef("pk")
    unused = ReportedPlace.objects.filter(
        ~Exists(Concern.objects.filter(reported_place=there)), ~Exists(Improvement.objects.filter(place=there))
    )
    locked = list(unused.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)[:BATCH])
    unused.filter(pk__in=locked).delete()


def _counts(now: datetime.datetime) -> Any:
    ours = Concern.objects.filter(nominated_inspector=None, safe_place=False, reported_place__isnull=False)
    shown = ours.exclude(state__in=UNCOUNTED).not_being_deleted()
    recent = Q(reported_at__gt=now - PERIOD)
    grouped = shown.order_by().values_list("reported_place", "bcu", "kind")
    waiting = Q(state__in=UNSETTLED_STATES)
    return grouped.annotate(
        women=_women(waiting),
        confirmed=_women(waiting & KNOWN),
        recent=_women(recent),
        earlier=_women(Q(reported_at__gt=now - 2 * PERIOD) & ~recent),
        latest_at=Max("reported_at"),
    )


def _women(which: Q) -> Count:
    return Count("report__person_key", distinct=True, filter=which)
