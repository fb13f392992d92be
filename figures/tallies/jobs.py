"""The job that counts the figures, so that no page has to."""

import datetime
from dataclasses import asdict

from django.db import transaction

from bookings.models.bookings import Booking
from boroughs.models.bcus import BoroughCommandUnit
from figures.counting import Tally
from figures.models.tallies import StoredTally
from figures.replica import count_on_replica
from figures.tallies.counted import ALL, COUNTS, count

KEY = ["period", "bcu"]


def count_figures(now: datetime.datetime) -> None:
    """Count all periods again, and store them in place of the earlier ones.

    Everything is counted again, because later outcomes, handovers and freezes change past months too.
    """
    counted = count_on_replica(lambda: count(Booking.objects.filter(nominated_inspector=None), now=now))
    bcus = [*BoroughCommandUnit.objects.order_by("pk").values_list("pk", flat=True), ALL]
    rows = [
        StoredTally(period=period, bcu_id=bcu, counted_at=now, **asdict(tallies.get(bcu, Tally())))
        for period, tallies in sorted(counted.by_period.items())
        for bcu in bcus
    ]
    with transaction.atomic():  # so that a page reads the numbers of one moment
        StoredTally.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=KEY, update_fields=["counted_at", *COUNTS]
        )
        StoredTally.objects.exclude(period__in=counted.by_period).delete()
