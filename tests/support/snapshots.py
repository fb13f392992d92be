"""Snapshots of quarters, as if they had been made from counts."""

import datetime

from figures.models.snapshots import Snapshot
from figures.periods import Quarter

FIRST = Quarter(datetime.date(2025, 1, 1))


def make_published_quarter(number=0, **numbers):
    """Make the snapshot of a quarter, so many after the first of 2025. `numbers` is by area, then by figure."""
    quarter = FIRST
    for _ in range(number):
        quarter = quarter.next
    return Snapshot.objects.create(first_day=quarter.first_day, numbers=numbers)
