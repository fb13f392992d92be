"""A plan for a walk: when, where and with which officers."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import BookingError
from walks.models.walks import Assignment, Walk
from walks.permissions import can_be_given_walks


@dataclass(frozen=True, kw_only=True)
class WalkPlan:
    """What an inspector settles about a walk, besides its officers."""

    start_at: datetime.datetime
    minutes: int
    meeting_place: str
    finish_place: str
    duty_number: str
    pin: list[float] | None = None
    """The meeting place on our map, latitude and longitude."""


def assign(walk: Walk, officers: Collection[Officer]) -> None:
    Assignment.objects.bulk_create(Assignment(walk=walk, officer=officer, period=walk.period()) for officer in officers)


def check_plan(
    plan: WalkPlan, officers: Collection[Officer], bcu: BoroughCommandUnit, *, least: int | None = None
) -> None:
    if plan.start_at <= timezone.now():
        raise BookingError("The walk must start in the future. Choose a later date or time.")
    if len(officers) < (bcu.min_officers if least is None else least):
        raise BookingError(f"Choose at least {bcu.min_officers} officers: that is the rule of {bcu.name}.")
    for officer in officers:
        if not can_be_given_walks(officer, bcu):
            raise BookingError(f"{officer.called} does not lead walks here now. Choose somebody else.")
