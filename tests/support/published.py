"""Snapshots and improvements that everyone may read."""

import datetime
from itertools import count

from django.utils import timezone

from feedback.statuses import State
from figures.models.snapshots import Snapshot
from figures.periods import Quarter
from figures.snapshots.measures import cells
from tests.support.feedback_factories import ImprovementFactory
from tests.support.people import make_lead


def make_snapshot_of(code, bcus=(), **hidden):
    """Save a snapshot in which each number differs from all others, apart from hidden ones: area="figure"."""
    quarter, numbers, next_number = Quarter.parse(code), {}, count(10, 5)
    for area, figure in cells(sorted(bcus)):
        numbers.setdefault(area, {})[figure] = None if hidden.get(area) == figure else next(next_number)
    made_at = datetime.datetime.combine(quarter.public_from, datetime.time(4), datetime.UTC)
    return Snapshot.objects.create(first_day=quarter.first_day, made_at=made_at, numbers=numbers)


def make_snapshot(first_day, **numbers):
    """Save the snapshot of a quarter with these numbers, by area, then by figure."""
    return Snapshot.objects.create(first_day=first_day, numbers=numbers)


def make_published_improvement(borough, *, lead=None, **fields):
    """Make an improvement that was done, in words that a lead has agreed to."""
    approved = {"approved_by": lead or make_lead(), "approved_at": timezone.now()}
    done = {"state": State.RESOLVED, "done_date": datetime.date(2026, 10, 5)}
    fields = {"public_words": "The lamps work again.", **approved, **done, **fields}
    return ImprovementFactory(borough=borough, **fields)
