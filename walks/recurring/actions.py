"""Actions of inspectors who create, change and pause recurring walks."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from boroughs.models.officers import Officer
from walkandtalk.lib.errors import require
from walkandtalk.lib.rows import save_changes
from walks.models.recurring_walks import RecurringWalk
from walks.models.walks import Walk
from walks.permissions import can_be_assigned, is_inspector_of
from walks.phrases import generate_phrases
from walks.planning.plans import WalkDetails, assign_officers, check_plan
from walks.statuses import RecurringWalkEventKind


@dataclass(frozen=True, kw_only=True)
class RecurringWalkDetails:
    """Everything an inspector decides about a recurring walk, except its officers."""

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
def create_recurring_walk(*, by: Officer, plan: RecurringWalkDetails, officers: Collection[Officer]) -> RecurringWalk:
    if by.bcu is None or not is_inspector_of(by, by.bcu):
        raise PermissionDenied
    recurring_walk = RecurringWalk.objects.create(bcu=by.bcu, by=by, **vars(plan))
    recurring_walk.officers.set(officers)
    recurring_walk.events.create(kind=RecurringWalkEventKind.MADE, by=by)
    return recurring_walk


@transaction.atomic
def change_recurring_walk(
    recurring_walk: RecurringWalk, *, by: Officer, plan: RecurringWalkDetails, officers: Collection[Officer]
) -> None:
    """Change the dates not yet offered. Existing walks do not change."""
    lock_recurring_walk(recurring_walk)
    require(is_inspector_of(by, recurring_walk.bcu))
    changed = _changes(recurring_walk, plan, officers)
    if not changed:
        return
    save_changes(recurring_walk, **vars(plan), by=by, changed_at=timezone.now())
    recurring_walk.officers.set(officers)
    recurring_walk.record_change(f"Changed: {', '.join(changed)}.", by=by)


CHANGED_LABELS = {
    "weekday": "the day",
    "start": "the start",
    "minutes": "the length",
    "from_date": "when it begins",
    "until_date": "when it ends",
    "area": "the area",
    "meeting_place": "the meeting spot",
    "finish_place": "the finish place",
    "duty_number": "the duty number",
    "capacity": "the places",
}


def _changes(recurring_walk: RecurringWalk, plan: RecurringWalkDetails, officers: Collection[Officer]) -> list[str]:
    """Return what changed, for the history. Earlier values can be read from the walks already created."""
    changed = [
        words for field, words in CHANGED_LABELS.items() if getattr(recurring_walk, field) != getattr(plan, field)
    ]
    if set(recurring_walk.officers.all()) != set(officers):
        changed.append("the usual officers")
    return changed


@transaction.atomic
def pause_recurring_walk(recurring_walk: RecurringWalk, *, by: Officer, paused: bool) -> None:
    """Pause or resume the recurring walk. No dates are offered while it is paused. Safe to call twice."""
    lock_recurring_walk(recurring_walk)
    require(is_inspector_of(by, recurring_walk.bcu))
    if paused == (recurring_walk.paused_at is not None):
        return
    now = timezone.now()
    save_changes(recurring_walk, paused_at=now if paused else None, by=by, changed_at=now)
    recurring_walk.events.create(
        kind=RecurringWalkEventKind.PAUSED if paused else RecurringWalkEventKind.RESUMED, by=by
    )


@transaction.atomic
def remove_usual_officer(officer: Officer, *, by: Officer) -> None:
    """Take someone off the usual officers where they may no longer lead, so that no new date is made with them."""
    for recurring_walk in lock_recurring_walks_of(officer):
        if can_be_assigned(officer, recurring_walk.bcu):
            continue
        recurring_walk.officers.remove(officer)
        recurring_walk.record_change(f"{officer.display_name} is no longer a usual officer.", by=by)


def make_walk_of_date(recurring_walk: RecurringWalk, date: datetime.date, officers: list[Officer]) -> Walk:
    plan = WalkDetails(
        start_at=recurring_walk.start_at(date),
        minutes=recurring_walk.minutes,
        meeting_place=recurring_walk.meeting_place,
        finish_place=recurring_walk.finish_place,
        duty_number=recurring_walk.duty_number,
    )
    check_plan(plan, officers, recurring_walk.bcu)
    they, you = generate_phrases()
    walk = Walk.objects.create(
        bcu=recurring_walk.bcu,
        recurring_walk=recurring_walk,
        recurring_date=date,
        capacity=recurring_walk.capacity,
        officers_phrase=they,
        requester_phrase=you,
        **vars(plan),
    )
    assign_officers(walk, officers)
    return walk


def lock_recurring_walks_of(officer: Officer) -> list[RecurringWalk]:
    """Lock those of which she is a usual officer, in order of id."""
    mine = RecurringWalk.objects.filter(officers=officer).order_by().values("pk")
    return list(RecurringWalk.objects.select_for_update(no_key=True).filter(pk__in=mine).order_by("pk"))


def lock_recurring_walk(recurring_walk: RecurringWalk) -> None:
    """Lock the row, after the officers and before the walk, so that two inspectors offering a date create one walk."""
    recurring_walk.refresh_from_db(from_queryset=RecurringWalk.objects.select_for_update(no_key=True))
