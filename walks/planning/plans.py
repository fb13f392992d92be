"""Plan a walk: its time, place and officers."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.rows import save_changes
from walks.locks import OfficerNotAvailable
from walks.models.walks import Assignment, Walk
from walks.permissions import can_be_assigned
from walks.statuses import WalkStatus


@dataclass(frozen=True, kw_only=True)
class WalkDetails:
    """Everything an inspector decides about a walk, except its officers."""

    start_at: datetime.datetime
    minutes: int
    meeting_place: str
    finish_place: str
    duty_number: str
    map_coordinates: list[float] | None = None
    """The meeting place on our map: latitude and longitude."""


def assign_officers(walk: Walk, officers: Collection[Officer]) -> None:
    Assignment.objects.bulk_create(Assignment(walk=walk, officer=officer, period=walk.period()) for officer in officers)


def keep_officers_until_end(walk: Walk) -> None:
    """Keep the officers busy for the walk's period, until the gap after its end. The caller holds the locks on them.

    If they end late, another walk of theirs may already have begun: then they are busy with this one until that start.
    """
    period = walk.period()
    for assignment in walk.assignments.filter(is_live=True):
        others = Assignment.objects.filter(
            officer=assignment.officer_id, is_live=True, period__startswith__gt=period.lower
        )
        starts = [taken.lower for taken in others.exclude(pk=assignment.pk).values_list("period", flat=True)]
        until = min([period.upper, *starts])
        save_changes(assignment, period=DateTimeTZRange(period.lower, until, "[)"))


def check_no_walk_overrunning(officers: Collection[Officer], start_at: datetime.datetime) -> None:
    """Raise OfficerNotAvailable if one of them is on a walk that nobody has ended, and so can't begin another then."""
    now = timezone.now()
    under_way = Assignment.objects.filter(officer__in=officers, is_live=True, walk__status=WalkStatus.UNDER_WAY)
    gaps = under_way.values_list("walk__bcu__gap_minutes", flat=True)
    if any(start_at < now + datetime.timedelta(minutes=gap) for gap in gaps):
        raise OfficerNotAvailable


def check_plan(
    plan: WalkDetails, officers: Collection[Officer], bcu: BoroughCommandUnit, *, least: int | None = None
) -> None:
    if plan.start_at <= timezone.now():
        raise ActionError("The walk must start in the future. Choose a later date or time.")
    if len(officers) < (bcu.min_officers if least is None else least):
        raise ActionError(f"Choose at least {bcu.min_officers} officers: that is the rule of {bcu.name}.")
    for officer in officers:
        if not can_be_assigned(officer, bcu):
            raise ActionError(f"{officer.display_name} is not available. Choose someone else.")
