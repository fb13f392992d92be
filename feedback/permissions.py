"""Permissions for concerns. What a person can see is a queryset: `visible_to`."""

import datetime
from collections.abc import Collection

from bookings.models.bookings import Booking
from bookings.statuses import Status
from boroughs.models.officers import Officer
from feedback.models.concerns import Concern
from feedback.models.improvements import Improvement
from feedback.statuses import ACTIVE_STATES
from walks.models.walks import Walk
from walks.permissions import can_use_walk_actions, is_in_charge_of
from walks.statuses import WalkStatus

STARTED_STATUSES = frozenset({WalkStatus.UNDER_WAY, WalkStatus.COMPLETED, WalkStatus.CUT_SHORT})
NOT_REQUESTERS_OWN = frozenset({Status.NOT_MINE, Status.EXPIRED})


def can_submit_report(booking: Booking) -> bool:
    """Allow a report on any booking, whatever its outcome, unless the requester did not make or confirm it."""
    return booking.status not in NOT_REQUESTERS_OWN


def can_read_concerns(user: Officer) -> bool:
    return user.is_active and user.role == Officer.Role.INSPECTOR


def can_read_noted_concerns(user: Officer) -> bool:
    """Allow an officer to read what became of the concerns that she noted."""
    return user.is_active and user.role == Officer.Role.OFFICER


def can_screen(user: Officer, concern: Concern, officers_of_the_walk: Collection[Officer]) -> bool:
    """Allow the inspector in charge, unless she was on the walk."""
    return is_in_charge_of(user, concern) and user not in officers_of_the_walk


def can_own(user: Officer, concern: Concern, officers_of_the_walk: Collection[Officer]) -> bool:
    """Allow the inspector in charge to take it while it is unsettled, unless she was on the walk.

    A concern that is part of an improvement has its owner.
    """
    return concern.is_unsettled and concern.improvement_id is None and can_screen(user, concern, officers_of_the_walk)


def can_hand_over(user: Officer, concern: Concern) -> bool:
    """Allow any inspector in charge, because the owner may be away."""
    return concern.is_unsettled and concern.improvement_id is None and is_in_charge_of(user, concern)


def can_answer(user: Officer, concern: Concern) -> bool:
    """Allow the inspector in charge once the concern is screened, even if she was on the walk.

    A concern that is part of an improvement is answered with it.
    """
    return is_in_charge_of(user, concern) and concern.state in ACTIVE_STATES and concern.improvement_id is None


def can_say_where(user: Officer, concern: Concern) -> bool:
    """Allow the inspector in charge to put a concern on the list of places, which leaves out those kept from a BCU."""
    is_on_list = concern.nominated_inspector_id is None and not concern.safe_place
    return is_on_list and concern.is_unsettled and is_in_charge_of(user, concern)


def can_change_improvement(user: Officer, improvement: Improvement) -> bool:
    return is_in_charge_of(user, improvement)


def can_join(user: Officer, concern: Concern, improvement: Improvement) -> bool:
    """Allow a concern to join an improvement of its BCU and nominated inspector, so the same people can see both."""
    same = (concern.bcu_id, concern.nominated_inspector_id) == (improvement.bcu_id, improvement.nominated_inspector_id)
    return same and is_in_charge_of(user, improvement)


def can_refer(user: Officer, improvement: Improvement) -> bool:
    """Allow a referral if one of the women agreed that we may pass on the place and the problem, without her name."""
    return can_change_improvement(user, improvement) and improvement.is_active and improvement.may_be_passed_on


def can_write_words(user: Officer, improvement: Improvement) -> bool:
    """Allow words for the public unless the improvement's concerns are kept from the BCU."""
    return can_change_improvement(user, improvement) and improvement.nominated_inspector_id is None


def can_approve_words(user: Officer, improvement: Improvement) -> bool:
    """Allow a lead who did not write the words."""
    is_lead = user.is_active and user.role == Officer.Role.LEAD
    return is_lead and improvement.nominated_inspector_id is None and user.pk != improvement.words_by_id


def can_record_notes(user: Officer, walk: Walk, officers: Collection[Officer], *, now: datetime.datetime) -> bool:
    """Once the walk has started, allow its inspector, and its officers while they can see its details."""
    if walk.status not in STARTED_STATUSES:
        return False
    return is_in_charge_of(user, walk) or (can_use_walk_actions(user, officers) and walk.are_details_visible(now))
