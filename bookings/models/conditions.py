"""Conditions of bookings about which somebody has to do something. Lists, counts and indexes use the same ones."""

import datetime

from django.db.models import F, Q

from bookings.statuses import OPEN, Status
from boroughs.models.officers import Officer

GO_BEFORE = datetime.timedelta(minutes=30)
GO_UNTIL = datetime.timedelta(minutes=60)

NOT_KNOWN_TO_KNOW = Q(status=Status.CANCELLED_BY_US, seen_at=None, reached_at=None, forgotten_at=None)
"""We cancelled, and nobody can say that she knows: she may be on her way."""

CUT_OFF = Q(status=Status.WAITING, cut_short_walk__isnull=False, reached_at=None)
"""The officers were called away from her, and nobody has spoken with her since."""

LEFT_WAITING = Q(nobody_came_at__isnull=False, reached_at=None, forgotten_at=None)
"""She said that nobody came, and nobody has spoken with her since."""

ASKS_AGAIN = Q(status=Status.SCHEDULED, asked_again_at__isnull=False)
"""She has a walk, and asked for another time. The walk stands until somebody answers."""

UNANSWERED = Q(answered_at=None) & (Q(status=Status.WAITING) | ASKS_AGAIN)
"""It is our turn, and the clock of what we promised her runs."""

PASSED_UNANSWERED = Q(status=Status.WAITING, choices_passed_at__isnull=False)
"""Every time that she chose went by, and nobody had answered. She may choose again."""

A_MOMENT = datetime.timedelta(minutes=1)
"""`call_away` ends the walk and puts her first in line with two looks at the clock, moments apart. A time that she
chooses is days ahead: a BCU's notice (docs/rules.md#notice-and-times)."""

HAS_CHOSEN = Q(cut_short_walk=None) | Q(needed_at__gt=F("cut_short_walk__ended_at") + A_MOMENT)
"""The time for which she is needed is one that she chose. Whose walk was cut short had hers, and is needed from that
moment on, until she chooses again or says yes to an offer."""

IS_OPEN = Q(status__in=sorted(OPEN))

SAFEGUARDING = Q(safeguarding_at__isnull=False, safeguarding_closed_at=None)
"""Somebody stopped at what she told: a crime or a safeguarding matter, and nobody has said what became of it."""

NOBODY_HAS = (
    Q(taken_by=None)
    | Q(taken_by__is_active=False)
    | ~Q(taken_by__role=Officer.Role.INSPECTOR)
    | Q(handler=None) & ~Q(taken_by__bcu=F("bcu"))
)
"""No inspector has said that she has it, or she who did cannot decide on it any more."""


def to_go_to(now: datetime.datetime) -> Q:
    """Cancelled by us and not known to know, from half an hour before the start she knew to an hour after it."""
    return NOT_KNOWN_TO_KNOW & Q(needed_at__lte=now + GO_BEFORE, needed_at__gt=now - GO_UNTIL)
