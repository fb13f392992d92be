"""The statuses of bookings and walks, and the moves between them (MODEL.md, rule 2)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    WAITING = "waiting", "Waiting for an answer"
    OFFERED = "offered", "Offered a time"
    SCHEDULED = "scheduled", "Scheduled"
    COMPLETED = "completed", "Completed"
    DECLINED = "declined", "Declined"
    PASSED_TO_OTHER_FORCE = "passed_to_other_force", "Passed to another force"
    CANCELLED_BY_HER = "cancelled_by_her", "Cancelled by her"
    CANCELLED_BY_US = "cancelled_by_us", "Cancelled by us"
    MISSED_BY_HER = "missed_by_her", "She was not there"
    MISSED_BY_US = "missed_by_us", "We were not there"
    NOT_HER = "not_her", "Not asked for by her"
    EXPIRED = "expired", "Never confirmed"


OPEN = frozenset({Status.WAITING, Status.OFFERED, Status.SCHEDULED})
"""Bookings that still need something from us."""

NEWS = frozenset({Status.SCHEDULED, Status.CANCELLED_BY_US})
"""What she has to know before she leaves home, so we ask her whether she has seen it."""

WALKED = frozenset({Status.SCHEDULED, Status.COMPLETED})
"""Bookings whose walk stands, by what the officers pressed."""

MOVES: dict[Status, frozenset[Status]] = {
    Status.WAITING: frozenset(
        {
            Status.OFFERED,
            Status.SCHEDULED,
            Status.DECLINED,
            Status.PASSED_TO_OTHER_FORCE,
            Status.CANCELLED_BY_HER,
            Status.NOT_HER,
            Status.EXPIRED,
        }
    ),
    Status.OFFERED: frozenset(
        {Status.WAITING, Status.SCHEDULED, Status.DECLINED, Status.CANCELLED_BY_HER, Status.NOT_HER}
    ),
    Status.SCHEDULED: frozenset(
        {
            Status.COMPLETED,
            Status.CANCELLED_BY_HER,
            Status.CANCELLED_BY_US,
            Status.MISSED_BY_HER,
            Status.MISSED_BY_US,
        }
    ),
    Status.COMPLETED: frozenset(),
    Status.DECLINED: frozenset(),
    Status.PASSED_TO_OTHER_FORCE: frozenset(),
    Status.CANCELLED_BY_HER: frozenset(),
    Status.CANCELLED_BY_US: frozenset(),
    Status.MISSED_BY_HER: frozenset(),
    Status.MISSED_BY_US: frozenset(),
    Status.NOT_HER: frozenset(),
    Status.EXPIRED: frozenset(),
}


class WalkStatus(TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    UNDER_WAY = "under_way", "Under way"
    COMPLETED = "completed", "Ended safely"
    CUT_SHORT = "cut_short", "Cut short"
    CANCELLED = "cancelled", "Cancelled"


WALK_MOVES: dict[WalkStatus, frozenset[WalkStatus]] = {
    WalkStatus.SCHEDULED: frozenset({WalkStatus.UNDER_WAY, WalkStatus.CANCELLED}),
    WalkStatus.UNDER_WAY: frozenset({WalkStatus.COMPLETED, WalkStatus.CUT_SHORT}),
    WalkStatus.COMPLETED: frozenset(),
    WalkStatus.CUT_SHORT: frozenset(),
    WalkStatus.CANCELLED: frozenset(),
}


class DeclineReason(TextChoices):
    """Why a walk is declined, in words that do not judge her. She reads them after "because"."""

    NO_OFFICERS = "no_officers", "no officers are free at the times you chose"
    OUTSIDE_AREA = "outside_area", "the place is outside the area that we look after"
    NOT_A_WALK = "not_a_walk", "what you told us about needs a different kind of help than a walk"
    UNSAFE_PLACE = "unsafe_place", "we cannot make a walk safe at that place and time"
    CANNOT_MEET_NEED = "cannot_meet_need", "we cannot arrange what you need in time"
    OTHER = "other", "of something that we explain below"


class DeclineAlternative(TextChoices):
    """What she can do instead of the walk that we decline. She reads them as a list after "You can"."""

    OTHER_TIME = "other_time", _("Ask again for another day or time")
    OTHER_SCHEME = "other_scheme", _("Ask another team or scheme. We say below which one")
    STREETSAFE = "streetsafe", _("Tell StreetSafe about the place, without your name. Look for StreetSafe on police.uk")
    LOCAL_CONTACT = "local_contact", _("Talk to the officers of your ward. We say below how to reach them")


NEEDS_WORDS = frozenset({DeclineReason.OTHER, DeclineAlternative.OTHER_SCHEME, DeclineAlternative.LOCAL_CONTACT})
"""What says of itself that words of the inspector's follow."""


class CancelReason(TextChoices):
    """Why we cancel a walk. She reads it after "because"."""

    CALLED_AWAY = "called_away", "the officers were called to other duties"
    ILLNESS = "illness", "an officer is unwell"
    UNSAFE = "unsafe", "something has happened that makes the walk unsafe"
    OTHER = "other", "something has come up"


class Channel(TextChoices):
    """How we may write to her."""

    FULL = "full", "Email with full details"
    DISCREET = "discreet", "Discreet email"
    NONE = "none", "No email"


class PhoneRule(TextChoices):
    """What we may do with her number."""

    CALL = "call", "You can call me"
    TEXT = "text", "You can text me"
    VOICEMAIL = "voicemail", "You can leave a voicemail"


class Need(TextChoices):
    """What would make the walk work for her (DESIGN 4.1, question 8)."""

    BSL = "bsl", "British Sign Language (BSL)"
    TEXT_ONLY = "text_only", "Text or writing, not speech"
    LIPREADING = "lipreading", "Lipreading"
    INTERPRETER = "interpreter", "An interpreter"
    STEP_FREE = "step_free", "Step-free route"
    SLOWER = "slower", "A slower pace, with rests"
    GUIDE = "guide", "A guide, for sight loss"
    QUIET = "quiet", "A quiet walk, with little noise or light"
    TWO_OFFICERS = "two_officers", "Two officers, never one"
    OTHER = "other", "Something else"


INTERPRETED = frozenset({Need.BSL, Need.INTERPRETER})
"""Needs for which somebody has to be found first, so a walk with them takes more notice."""


class DutyKind(TextChoices):
    """What is said of an officer's day."""

    ON = "on", "On duty"
    OFF = "off", "Not on duty"
    LEAVE = "leave", "Leave"


class EventKind(TextChoices):
    """One line of the history of a booking or a walk."""

    REQUESTED = "requested", "Asked for a walk"
    CONFIRMED = "confirmed", "Confirmed that it was her"
    DISOWNED = "disowned", "Said that it was not her"
    SCHEDULED = "scheduled", "Walk scheduled"
    CHANGED = "changed", "Walk changed"
    DECLINED = "declined", "Declined"
    CANCELLED_BY_HER = "cancelled_by_her", "Cancelled by her"
    CANCELLED_BY_US = "cancelled_by_us", "Cancelled by us"
    OFFICER_LEFT = "officer_left", "Officer cannot make it"
    STARTED = "started", "Walk started"
    ENDED = "ended", "Walk ended safely"
    EXPIRED = "expired", "Never confirmed, so it went"
    FORGOTTEN = "forgotten", "Her details deleted"
    SEEN = "seen", "Has seen the news"
    REACHED = "reached", "Spoken with, or met"
    NOBODY_CAME = "nobody_came", "Said that nobody came"
    STOPPED = "stopped", "Asked us to stop writing"
    PASSED_ON = "passed_on", "Given to another handler"
