"""The statuses of walks and the transitions between them, and the kinds of duty."""

from django.db.models import TextChoices


class WalkStatus(TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    UNDER_WAY = "under_way", "Under way"
    COMPLETED = "completed", "Ended safely"
    CUT_SHORT = "cut_short", "Cut short"
    NOT_HELD = "not_held", "Didn’t take place"
    CANCELLED = "cancelled", "Cancelled"


WALK_TRANSITIONS: dict[WalkStatus, frozenset[WalkStatus]] = {
    # Straight to an outcome if the officers pressed no buttons and the outcome was recorded later.
    WalkStatus.SCHEDULED: frozenset(
        {
            WalkStatus.UNDER_WAY,
            WalkStatus.COMPLETED,
            WalkStatus.CUT_SHORT,
            WalkStatus.NOT_HELD,
            WalkStatus.CANCELLED,
        }
    ),
    WalkStatus.UNDER_WAY: frozenset(
        {
            WalkStatus.SCHEDULED,  # “Start the walk” undone
            WalkStatus.COMPLETED,
            WalkStatus.CUT_SHORT,
            WalkStatus.NOT_HELD,
        }
    ),
    WalkStatus.COMPLETED: frozenset({WalkStatus.SCHEDULED, WalkStatus.UNDER_WAY}),  # “Ended safely” undone
    WalkStatus.CUT_SHORT: frozenset(),
    WalkStatus.NOT_HELD: frozenset(),
    WalkStatus.CANCELLED: frozenset(),
}


LIVE_STATUSES = frozenset({WalkStatus.SCHEDULED, WalkStatus.UNDER_WAY})
"""Walks that have not ended."""

CHECKED_STATUSES = LIVE_STATUSES | {WalkStatus.COMPLETED, WalkStatus.CUT_SHORT}
"""Walks whose officers are, or have just been, with a requester."""


class DutyKind(TextChoices):
    """An officer's duty on one day."""

    ON = "on", "On duty"
    OFF = "off", "Not on duty"
    LEAVE = "leave", "Leave"


class TakeoverAnswer(TextChoices):
    """The end of an officer's question whether a colleague takes her place on a walk."""

    ACCEPTED = "accepted", "She takes it over"
    DECLINED = "declined", "She can’t"
    WITHDRAWN = "withdrawn", "Withdrawn"
    EXPIRED = "expired", "Expired"


class RecurringWalkEventKind(TextChoices):
    """Events in the history of a recurring walk."""

    MADE = "made", "Recurring walk created"
    CHANGED = "changed", "Recurring walk changed"
    PAUSED = "paused", "Recurring walk paused"
    RESUMED = "resumed", "Recurring walk resumed"
