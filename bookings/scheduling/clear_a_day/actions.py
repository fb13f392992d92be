"""Deal with a walk whose officers can't come: other officers, another time, or cancellation, through its own action."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from bookings.locks import check_version, lock_scheduled_bookings
from bookings.scheduling.adjustments import ArrangedAdjustment
from bookings.scheduling.cancellation.actions import Cancellation, cancel_walk_of_booking
from bookings.scheduling.changes.actions import WalkChange, change_walk, check_none_frozen
from bookings.scheduling.shared_walks.places import cancel_empty_walk
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, require
from walks.duties.actions import set_duty_days
from walks.duties.entries import DutyEntry
from walks.locks import lock_walk_with_officers
from walks.models.duties import DutyDay
from walks.models.walks import Walk
from walks.permissions import can_change_walk
from walks.planning.plans import WalkDetails
from walks.statuses import DutyKind, WalkStatus


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """The officers who lead the walk instead, and its other time if it has one."""

    officers: Collection[Officer]
    start_at: datetime.datetime | None = None
    arranged: Mapping[UUID, Collection[ArrangedAdjustment]] = field(default_factory=dict)


def replace_officers(walk: Walk, replacement: Replacement, *, by: Officer, version: int) -> None:
    """Give the walk other officers, and another time if there is one. Everyone on it is told once."""
    plan = WalkDetails(
        start_at=replacement.start_at or walk.start_at,
        minutes=walk.minutes,
        meeting_place=walk.meeting_place,
        finish_place=walk.finish_place,
        duty_number=walk.duty_number,
        map_coordinates=walk.map_coordinates,
    )
    change = WalkChange(plan=plan, officers=replacement.officers, arranged=replacement.arranged)
    change_walk(walk, change, by=by, version=version)


@transaction.atomic
def cancel_walk(
    walk: Walk, shown: Mapping[UUID, int], cancellation: Cancellation, *, by: Officer, version: int
) -> None:
    """Cancel the walk for every requester on it, unless it or one of their bookings has changed since it was shown.

    `shown` has the version of each booking. The walk's own version counts too: a colleague may have found officers.
    """
    lock_walk_with_officers(walk)
    bookings = lock_scheduled_bookings(walk)
    require(can_change_walk(by, walk))
    check_version(walk, version=version)
    check_none_frozen(bookings)
    for booking in bookings:
        check_version(booking, version=shown.get(booking.pk, 0))
    if bookings:
        first = bookings[0]
        cancel_walk_of_booking(first, cancellation, by=by, version=first.version)
        return
    cancel_empty_walk(walk)
    walk.refresh_from_db()
    if walk.status != WalkStatus.CANCELLED:
        raise ActionError("A place on this walk is offered. Withdraw the offer first.")


def mark_off_duty(officers: Collection[Officer], date: datetime.date, *, by: Officer) -> None:
    """Enter that these officers are not on duty that day. Leave that was entered stays leave."""
    entered = DutyDay.objects.filter(officer__in=officers, date=date, kind__in=[DutyKind.LEAVE, DutyKind.OFF])
    away_already = set(entered.values_list("officer", flat=True))
    entries = [
        DutyEntry(officer=officer, date=date, kind=DutyKind.OFF)
        for officer in officers
        if officer.pk not in away_already
    ]
    set_duty_days(entries, by=by)
