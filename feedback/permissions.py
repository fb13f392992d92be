"""Who may do what to a concern. Seeing is a queryset: `visible_to`."""

import datetime
from collections.abc import Collection

from bookings.models.bookings import Booking
from bookings.statuses import Status
from boroughs.models.officers import Officer
from feedback.models.concerns import Concern
from feedback.statuses import BEING_DEALT_WITH
from walks.models.walks import Walk
from walks.permissions import can_walk, looks_after
from walks.statuses import WalkStatus

HAS_BEGUN = frozenset({WalkStatus.UNDER_WAY, WalkStatus.COMPLETED, WalkStatus.CUT_SHORT})
NOT_HERS = frozenset({Status.NOT_HER, Status.EXPIRED})


def can_tell_us(booking: Booking) -> bool:
    """Every request may end in telling us, whatever became of it, unless it was never hers."""
    return booking.status not in NOT_HERS


def can_read_concerns(user: Officer) -> bool:
    return user.is_active and user.role == Officer.Role.INSPECTOR


def can_screen(user: Officer, concern: Concern, officers_of_the_walk: Collection[Officer]) -> bool:
    """The inspector whom it comes to, if she was not on the walk."""
    return looks_after(user, concern) and user not in officers_of_the_walk


def can_answer(user: Officer, concern: Concern) -> bool:
    """Once it was checked, the inspector whom it comes to, whether she was on the walk or not."""
    return looks_after(user, concern) and concern.state in BEING_DEALT_WITH


def can_refer(user: Officer, concern: Concern) -> bool:
    """Only where she said that we may pass it on without her name."""
    return can_answer(user, concern) and concern.consent


def can_join(user: Officer, concern: Concern, other: Concern) -> bool:
    """Into one of the same place that she may see too, and that nobody else may."""
    same = (concern.bcu_id, concern.handler_id) == (other.bcu_id, other.handler_id)
    return same and looks_after(user, other) and concern.pk != other.pk


def can_note(user: Officer, walk: Walk, officers: Collection[Officer], *, now: datetime.datetime) -> bool:
    """An officer of the walk while she still sees its details, or the inspector, once it has begun."""
    if walk.status not in HAS_BEGUN:
        return False
    return looks_after(user, walk) or (can_walk(user, officers) and walk.shows_details(now))
