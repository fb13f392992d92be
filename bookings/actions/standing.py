"""Standing walks are made, changed and paused, and a date of one is offered to a woman."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from bookings.actions.arranging import Arranged
from bookings.actions.moves import (
    BookingError,
    lock_officers,
    officers_taken_is_said,
    record,
    require,
    wait_at_most_3_seconds,
)
from bookings.actions.places import offer_place
from bookings.actions.schedules import WalkPlan, assign, check_plan
from bookings.models import Booking, StandingWalk, Walk
from bookings.permissions import is_inspector_of
from bookings.phrases import new_phrases
from bookings.statuses import EventKind, WalkStatus
from boroughs.models import Officer


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
    record(EventKind.STANDING_MADE, standing=standing, by=by)
    return standing


@transaction.atomic
def change_standing_walk(
    standing: StandingWalk, *, by: Officer, plan: StandingPlan, officers: Collection[Officer]
) -> None:
    """What is offered from now on. Walks that were made of it already stay as they are."""
    _lock(standing)
    require(is_inspector_of(by, standing.bcu))
    changed = _changes(standing, plan, officers)
    if not changed:
        return
    for field, value in vars(plan).items():
        setattr(standing, field, value)
    standing.by, standing.changed_at = by, timezone.now()
    standing.save()
    standing.officers.set(officers)
    record(EventKind.STANDING_CHANGED, standing=standing, by=by, note=f"Changed: {', '.join(changed)}.")


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
    _lock(standing)
    require(is_inspector_of(by, standing.bcu))
    if paused == (standing.paused_at is not None):
        return
    standing.by, standing.changed_at = by, timezone.now()
    standing.paused_at = standing.changed_at if paused else None
    standing.save(update_fields=["paused_at", "by", "changed_at"])
    record(EventKind.STANDING_PAUSED if paused else EventKind.STANDING_RESUMED, standing=standing, by=by)


def offer_standing_walk(
    booking: Booking,
    *,
    by: Officer,
    version: int,
    standing: StandingWalk,
    date: datetime.date,
    officers: Collection[Officer] = (),
    arranged: Collection[Arranged] = (),
) -> Walk:
    """Offer her a place on the walk of this date, which is made now if nobody was offered it before.

    Without officers it is given those who walk as a rule. They are told when somebody has said yes.
    """
    with officers_taken_is_said(), transaction.atomic():
        wait_at_most_3_seconds()
        held = lock_officers(officers or list(standing.officers.all()))
        _lock(standing)
        require(is_inspector_of(by, standing.bcu))
        if date not in standing.dates(date, date):
            raise BookingError("There is no walk on that day: it is paused, or it ends before. Choose another date.")
        made = standing.walks.exclude(status=WalkStatus.CANCELLED).filter(standing_date=date).first()
        walk = made or _make(standing, date, held)
        offer_place(booking, by=by, version=version, walk=walk, place=standing.area, arranged=arranged)
    return walk


def _make(standing: StandingWalk, date: datetime.date, officers: list[Officer]) -> Walk:
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


def _lock(standing: StandingWalk) -> None:
    """Between the officers and the walk: two who offer the same date make one walk."""
    standing.refresh_from_db(from_queryset=StandingWalk.objects.select_for_update(no_key=True))
