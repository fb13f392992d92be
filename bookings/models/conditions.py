"""Conditions of bookings about which somebody has to do something. Lists, counts and indexes use the same ones."""

import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q

from bookings.statuses import OPEN_STATUSES, Status
from boroughs.models.officers import Officer

if TYPE_CHECKING:
    from bookings.models.bookings import Booking

ATTENDANCE_BEFORE = datetime.timedelta(minutes=30)
ATTENDANCE_UNTIL = datetime.timedelta(minutes=60)

CANCELLED_BY_US = Q(status=Status.CANCELLED_BY_US, erased_at=None)
CANCELLATION_UNACKNOWLEDGED = CANCELLED_BY_US & Q(
    acknowledgement__acknowledged_at=None, acknowledgement__contacted_at=None
)
"""We cancelled, and nobody can say that she knows: she may be on her way."""

CUT_SHORT = Q(status=Status.WAITING, cut_short_walk__isnull=False)
CUT_SHORT_NOT_CONTACTED = CUT_SHORT & Q(acknowledgement__contacted_at=None)
"""The officers were called away from her, and nobody has spoken with her since."""

NOBODY_CAME_NOT_CONTACTED = Q(
    acknowledgement__nobody_came_reported_at__isnull=False, acknowledgement__contacted_at=None, erased_at=None
)
"""She said that nobody came, and nobody has spoken with her since."""

CHANGE_REQUEST_OPEN = Q(status=Status.SCHEDULED, change_requested_at__isnull=False)
"""She has a walk, and asked for another time. The walk stands until somebody answers."""

UNANSWERED = Q(answered_at=None) & (Q(status=Status.WAITING) | CHANGE_REQUEST_OPEN)
"""It is our turn, and the clock of what we promised her runs."""

ALL_TIMES_PASSED = Q(status=Status.WAITING, times_passed_at__isnull=False)
"""Every time that she chose went by, and nobody had answered. She may choose again."""

CLOCK_TOLERANCE = datetime.timedelta(minutes=1)
"""`cut_walk_short` ends the walk and puts her first in line with two looks at the clock, moments apart. A time that she
chooses is days ahead: a BCU's notice (docs/rules.md#notice-and-times)."""

NEEDED_AT_CHOSEN_TIME = Q(cut_short_walk=None) | Q(walk_needed_at__gt=F("cut_short_walk__ended_at") + CLOCK_TOLERANCE)
"""The time for which she is needed is one that she chose. Whose walk was cut short had hers, and is needed from that
moment on, until she chooses again or says yes to an offer."""

STATUS_IS_OPEN = Q(status__in=sorted(OPEN_STATUSES))

OPEN_SAFEGUARDING = Q(safeguarding_flag__isnull=False, safeguarding_flag__closed_at=None)
"""Somebody stopped at what she told: a crime or a safeguarding matter, and nobody has said what became of it."""

UNCLAIMED = (
    Q(claim=None)
    | Q(claim__officer__is_active=False)
    | ~Q(claim__officer__role=Officer.Role.INSPECTOR)
    | Q(nominated_inspector=None) & ~Q(claim__officer__bcu=F("bcu"))
)
"""No inspector has said that she has it, or she who did cannot decide on it any more."""


def attendance_needed(now: datetime.datetime) -> Q:
    """Cancelled by us and not known to know, from half an hour before the start she knew to an hour after it."""
    return CANCELLATION_UNACKNOWLEDGED & Q(
        walk_needed_at__lte=now + ATTENDANCE_BEFORE, walk_needed_at__gt=now - ATTENDANCE_UNTIL
    )


def needs_attendance(booking: "Booking", now: datetime.datetime) -> bool:
    """Is `attendance_needed` true of this booking?

    The time is the start that she was told: others may walk on without her, at another time.
    """
    is_near = booking.walk_needed_at - ATTENDANCE_BEFORE <= now < booking.walk_needed_at + ATTENDANCE_UNTIL
    return is_near and booking.cancellation_unacknowledged
