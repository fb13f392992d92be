"""Inspectors make, change and pause recurring walks."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from boroughs.models.officers import Officer
from walkandtalk.lib.errors import require
from walks.models.recurring_walks import StandingWalk
from walks.models.walks import Walk
from walks.permissions import is_inspector_of
from walks.phrases import new_phrases
from walks.planning.plans import WalkPlan, assign, check_plan
from walks.statuses import RecurringWalkEventKind


@dataclass(frozen=True, kw_only=True)
class StandingPlan:
    """What an inspector settles about a walk of every week, besides its officers."""

    weekday: int
    start: datetime.time
    minutes: int
    area: str
    meeting_place: str
    finish_place: str
    duty_number: str
    capacity: int
    from_date: datetime.date
    until_date: datetime.date | None


@transaction.atomic
def make_standing_walk(*, by: Officer, plan: StandingPlan, officers: Collection[Officer]) -> StandingWalk:
    if by.bcu is None or not is_inspector_of(by, by.bcu):
        raise PermissionDenied
    standing = StandingWalk.objects.create(bcu=by.bcu, by=by, **vars(plan))
    standing.officers.set(officers)
    standing.events.create(kind=RecurringWalkEventKind.MADE, by=by)
    return standing


@transaction.atomic
def change_standing_walk(
    standing: StandingWalk, *, by: Officer, plan: StandingPlan, officers: Collection[Officer]
) -> None:
    """What is offered from now on. Walks that were made of it already stay as they are."""
    lock_standing_walk(standing)
    require(is_inspector_of(by, standing.bcu))
    changed = _changes(standing, plan, officers)
    if not changed:
        return
    for field, value in vars(plan).items():
        setattr(standing, field, value)
    standing.by, standing.changed_at = by, timezone.now()
    standing.save()
    standing.officers.set(officers)
    standing.events.create(kind=RecurringWalkEventKind.CHANGED, by=by, note=f"Changed: {', '.join(changed)}.")


CHANGED = {
    "weekday": "the day",
    "start": "the start",
    "minutes": "the length",
    "from_date": "when it begins",
    "until_date": "when it ends",
    "area": "where about",
    "meeting_place": "the meeting spot",
    "finish_place": "the finish place",
    "duty_number": "the duty number",
    "capacity": "how many women",
}


def _changes(standing: StandingWalk, plan: StandingPlan, officers: Collection[Officer]) -> list[str]:
    """What differs, in words for its history. What it was stands on the walks that were made of it."""
    changed = [words for field, words in CHANGED.items() if getattr(standing, field) != getattr(plan, field)]
    if set(standing.officers.all()) != set(officers):
        changed.append("who walks as a rule")
    return changed


@transaction.atomic
def pause_standing_walk(standing: StandingWalk, *, by: Officer, paused: bool) -> None:
    """While it is paused none of its dates is offered. Pressing twice does no harm."""
    lock_standing_walk(standing)
    require(is_inspector_of(by, standing.bcu))
    if paused == (standing.paused_at is not None):
        return
    standing.by, standing.changed_at = by, timezone.now()
    standing.paused_at = standing.changed_at if paused else None
    standing.save(update_fields=["paused_at", "by", "changed_at"])
    standing.events.create(kind=RecurringWalkEventKind.PAUSED if paused else RecurringWalkEventKind.RESUMED, by=by)


def make_walk_of_date(standing: StandingWalk, date: datetime.date, officers: list[Officer]) -> Walk:
    plan = WalkPlan(
        start_at=standing.start_at(date),
        minutes=standing.minutes,
        meeting_place=standing.meeting_place,
        finish_place=standing.finish_place,
        duty_number=standing.duty_number,
    )
    check_plan(plan, officers, standing.bcu)
    they, you = new_phrases()
    walk = Walk.objects.create(
        bcu=standing.bcu,
        standing=standing,
        standing_date=date,
        capacity=standing.capacity,
        phrase_they=they,
        phrase_you=you,
        **vars(plan),
    )
    assign(walk, officers)
    return walk


def lock_standing_walk(standing: StandingWalk) -> None:
    """Between the officers and the walk: two who offer the same date make one walk."""
    standing.refresh_from_db(from_queryset=StandingWalk.objects.select_for_update(no_key=True))
