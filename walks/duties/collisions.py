"""Walks with which new duties would collide. The page lists them before it saves."""

import datetime
from collections.abc import Callable, Collection, Mapping

from boroughs.models.officers import Officer
from walks.duties.entries import DutyEntry
from walks.models.walks import Assignment
from walks.planning.availability import DutyTimes, TeamAvailability
from walks.planning.duty_conflicts import DutyConflict, conflict_of
from walks.statuses import WalkStatus

Day = tuple[int, datetime.date]
"""An officer's id and a date."""


def collisions_with_days(entries: Collection[DutyEntry], now: datetime.datetime) -> list[DutyConflict]:
    """Return the upcoming walks that an officer would not be on duty for on these days, soonest first."""
    days = {(entry.officer.pk, entry.date): (entry.kind, entry.times) if entry.kind else None for entry in entries}
    return _collisions({entry.officer for entry in entries}, lambda duty: duty.with_days(days), now, entered=set(days))


def collisions_with_week(officer: Officer, week: Mapping[int, DutyTimes], now: datetime.datetime) -> list[DutyConflict]:
    """Return the upcoming walks that the officer would no longer be on duty for with this weekly pattern."""
    return _collisions([officer], lambda duty: duty.with_week(officer.pk, week), now, entered=set())


def _collisions(
    officers: Collection[Officer],
    change: Callable[[TeamAvailability], TeamAvailability],
    now: datetime.datetime,
    *,
    entered: Collection[Day],
) -> list[DutyConflict]:
    """Return each walk with a conflict after the change, if there was none before or its day was entered."""
    upcoming = Assignment.objects.filter(
        is_live=True, officer__in=officers, walk__status=WalkStatus.SCHEDULED, walk__start_at__gt=now
    )
    rows = list(upcoming.select_related("walk", "officer").order_by("walk__start_at", "pk"))
    if not rows:
        return []
    dates = [row.walk.date for row in rows]
    before = TeamAvailability.load(officers, min(dates), max(dates))
    after = change(before)
    return [
        conflict
        for row in rows
        if (conflict := conflict_of(row.walk, row.officer, after))
        and ((row.officer_id, row.walk.date) in entered or conflict != conflict_of(row.walk, row.officer, before))
    ]
