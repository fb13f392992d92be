"""Plan a walk: its time, place and officers."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError
from walks.models.walks import Assignment, Walk
from walks.permissions import can_be_assigned


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


def check_plan(
    plan: WalkDetails, officers: Collection[Officer], bcu: BoroughCommandUnit, *, least: int | None = None
) -> None:
    if plan.start_at <= timezone.now():
        raise ActionError("The walk must start in the future. Choose a later date or time.")
    if len(officers) < (bcu.min_officers if least is None else least):
        raise ActionError(f"Choose at least {bcu.min_officers} officers: that is the rule of {bcu.name}.")
    for officer in officers:
        if not can_be_assigned(officer, bcu):
            raise ActionError(f"{officer.display_name} does not lead walks here now. Choose somebody else.")
