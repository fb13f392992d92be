"""Conditions of bookings that need someone to act. Lists, counts and indexes share them."""

import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.db.models.functions import Greatest

from bookings.statuses import OPEN_STATUSES, Status
from boroughs.models.officers import Officer

if TYPE_CHECKING:
    from bookings.models.bookings import Booking

ATTENDANCE_BEFORE = datetime.timedelta(minutes=30)
ATTENDANCE_UNTIL = datetime.timedelta(minutes=60)

KEPT = Q(erased_at=None, erasure_due_at=None)
"""Its details are neither erased nor about to be."""

CANCELLED_BY_US = KEPT & Q(status=Status.CANCELLED_BY_US)
CANCELLATION_UNACKNOWLEDGED = CANCELLED_BY_US & Q(
    acknowledgement__acknowledged_at=None, acknowledgement__contacted_at=None
)
"""We cancelled and cannot be sure that the requester knows."""

CUT_SHORT = Q(status=Status.WAITING, cut_short_walk__isnull=False)
CUT_SHORT_NOT_CONTACTED = CUT_SHORT & Q(acknowledgement__contacted_at=None)
"""The officers were called to another duty, and nobody has spoken with the requester since."""

NOBODY_CAME_NOT_CONTACTED = KEPT & Q(
    acknowledgement__nobody_came_reported_at__isnull=False, acknowledgement__contacted_at=None
)
"""The requester reported that nobody came, and nobody has spoken with her since."""

CHANGE_REQUEST_OPEN = Q(status=Status.SCHEDULED, change_requested_at__isnull=False)
"""The requester has a walk and asked for another time. She keeps her walk until an inspector answers."""

ENTERED_AT = Greatest("asked_at", "confirmed_at")
"""When a booking last became new to the inspectors: requested, or confirmed by its requester."""

UNANSWERED = Q(answered_at=None) & (Q(status=Status.WAITING) | CHANGE_REQUEST_OPEN)
"""It is our turn, and the response target applies."""

ALL_TIMES_PASSED = Q(status=Status.WAITING, times_passed_at__isnull=False)
"""All preferred times passed before we answered. The requester may choose new ones."""

CLOCK_TOLERANCE = datetime.timedelta(minutes=1)
"""`cut_walk_short` reads the clock twice, moments apart: when it ends the walk, and when it puts the requester back in
the queue. A time that she chooses is days ahead, because of the BCU's notice (docs/rules.md#notice-and-times)."""

NEEDED_AT_CHOSEN_TIME = Q(cut_short_walk=None) | Q(walk_needed_at__gt=F("cut_short_walk__ended_at") + CLOCK_TOLERANCE)
"""`walk_needed_at` is a time that the requester chose. After her walk is cut short it is that moment instead, until she
chooses new times or accepts an offer."""

STATUS_IS_OPEN = Q(status__in=sorted(OPEN_STATUSES))

READY_TO_SCHEDULE = Q(status=Status.WAITING, confirmed_at__isnull=False, frozen_at=None)
"""Confirmed by the requester, and waiting for an inspector."""

FROZEN = Q(frozen_at__isnull=False, erased_at=None)
OPEN_SAFEGUARDING = Q(safeguarding_flag__isnull=False, safeguarding_flag__closed_at=None)
"""The booking is marked as a crime or safeguarding matter, and no inspector has recorded the outcome."""

TEAM_MESSAGE_UNREAD = Q(team_messages__isnull=False, team_messages__read_at=None, erased_at=None)
"""The requester wrote to her team, and no inspector has said that she read it. A booking may occur more than once."""

UNCLAIMED = (
    Q(claim=None)
    | Q(claim__officer__is_active=False)
    | ~Q(claim__officer__role=Officer.Role.INSPECTOR)
    | Q(nominated_inspector=None) & ~Q(claim__officer__bcu=F("bcu"))
)
"""No inspector has claimed the booking, or the inspector who did can no longer decide on it."""


def attendance_needed(now: datetime.datetime) -> Q:
    """We cannot be sure that the requester knows of our cancellation, and her walk was to start about now.

    The condition holds from half an hour before the start that she was told until an hour after it.
    """
    return CANCELLATION_UNACKNOWLEDGED & Q(
        walk_needed_at__lte=now + ATTENDANCE_BEFORE, walk_needed_at__gt=now - ATTENDANCE_UNTIL
    )


def needs_attendance(booking: "Booking", now: datetime.datetime) -> bool:
    """Return whether `attendance_needed` holds for this booking."""
    return booking.cancellation_unacknowledged and _is_near(booking, now)


def may_be_on_her_way(booking: "Booking", now: datetime.datetime) -> bool:
    """Return whether a requester without our latest news may have left home for the walk that she last knew."""
    goes_there = booking.status == Status.SCHEDULED or booking.cancellation_unacknowledged
    return goes_there and _is_near(booking, now)


def _is_near(booking: "Booking", now: datetime.datetime) -> bool:
    """`walk_needed_at` is the start that the requester was told. A shared walk may have moved since."""
    return booking.walk_needed_at - ATTENDANCE_BEFORE <= now < booking.walk_needed_at + ATTENDANCE_UNTIL
