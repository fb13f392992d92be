"""Makes the snapshot of a quarter, once."""

import datetime

from django.db import transaction

from boroughs.models.bcus import BoroughCommandUnit
from figures.models.snapshots import Snapshot
from figures.periods import Quarter
from figures.replica import count_on_replica
from figures.snapshots.counting import count_period
from figures.snapshots.measures import Cell, cells, follows, sums
from figures.snapshots.rule import Counted, publish
from walkandtalk.lib import london

NOTHING = Counted(number=0, women=0, walks=0)


@transaction.atomic
def make_snapshot(quarter: Quarter, *, now: datetime.datetime) -> Snapshot:
    """Publish the figures of a quarter, unless that has been done. Raise ValueError while it is too early."""
    if london.local(now).date() < quarter.public_from:
        raise ValueError(f"{quarter.code} must not be published before {quarter.public_from}.")
    if snapshot := Snapshot.objects.of(quarter).first():
        return snapshot
    bcus = list(BoroughCommandUnit.objects.order_by("code").values_list("code", flat=True))
    numbers = publishable_numbers(count_on_replica(lambda: count_period(quarter.period)), bcus)
    snapshot, _is_new = Snapshot.objects.get_or_create(
        first_day=quarter.first_day, defaults={"made_at": now, "numbers": numbers}
    )
    return snapshot


def publishable_numbers(counts: dict[Cell, Counted], bcus: list[str]) -> dict[str, dict[str, int | None]]:
    """Return the numbers by area and figure, each through the one rule. A cell without a count is a 0 to the rule."""
    of_all = {cell: counts.get(cell, NOTHING) for cell in cells(bcus)}
    numbers: dict[str, dict[str, int | None]] = {}
    for (area, figure), number in publish(of_all, sums(bcus), follows(bcus)).items():
        numbers.setdefault(area, {})[figure] = number
    return numbers
