"""Who may do what to a concern. Seeing is a queryset: `visible_to`."""

import datetime
from collections.abc import Collection

from bookings.models.bookings import Booking
from bookings.statuses import Status
from boroughs.models.officers import Officer
from feedback.models.concerns import Concern
from feedback.statuses import ACTIVE_STATES
from walks.models.walks import Walk
from walks.permissions import can_use_walk_actions, is_in_charge_of
from walks.statuses import WalkStatus

STARTED_STATUSES = frozenset({WalkStatus.UNDER_WAY, WalkStatus.COMPLETED, WalkStatus.CUT_SHORT})
NOT_REQUESTERS_OWN = frozenset({Status.NOT_MINE, Status.EXPIRED})


def can_submit_report(booking: Booking) -> bool:
    """Every request may end in telling us, whatever became of it, unless it was never hers."""
    return booking.status not in NOT_REQUESTERS_OWN


def can_read_concerns(user: Officer) -> bool:
    return user.is_active and user.role == Officer.Role.INSPECTOR


def can_screen(user: Officer, concern: Concern, officers_of_the_walk: Collection[Officer]) -> bool:
    """The inspector whom it comes to, if she was not on the walk."""
    return is_in_charge_of(user, concern) and user not in officers_of_the_walk


def can_answer(user: Officer, concern: Concern) -> bool:
    """Once it was checked, the inspector whom it comes to, whether she was on the walk or not."""
    return is_in_charge_of(user, concern) and concern.state in ACTIVE_STATES


def can_refer(user: Officer, concern: Concern) -> bool:
    """Only where she said that we may pass it on without her name."""
    return can_answer(user, concern) and concern.consent


def can_merge(user: Officer, concern: Concern, other: Concern) -> bool:
    """Into one of the same place that she may see too, and that nobody else may."""
    same = (concern.bcu_id, concern.nominated_inspector_id) == (other.bcu_id, other.nominated_inspector_id)
    return same and is_in_charge_of(user, other) and concern.pk != other.pk


def can_record_notes(user: Officer, walk: Walk, officers: Collection[Officer], *, now: datetime.datetime) -> bool:
    """An officer of the walk while she still sees its details, or the inspector, once it has begun."""
    if walk.status not in STARTED_STATUSES:
        return False
    return is_in_charge_of(user, walk) or (can_use_walk_actions(user, officers) and walk.are_details_visible(now))
