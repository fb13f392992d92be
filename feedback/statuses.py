"""The states of a concern, the transitions, the words she reads, and what else is chosen from a list."""

from dataclasses import dataclass
from enum import Enum

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    REPORTED = "reported", "Reported"
    SCREENING = "screening", "Being checked"
    DIVERTED = "diverted", "Diverted"
    ACCEPTED = "accepted", "Accepted"
    REFERRED = "referred", "Referred"
    PLANNED = "planned", "Action planned"
    IN_PROGRESS = "in_progress", "In progress"
    RESOLVED = "resolved", "Resolved"
    PARTLY_RESOLVED = "partly_resolved", "Partly resolved"
    NO_ACTION = "no_action", "No action"
    NOT_OURS = "not_ours", "Not ours"
    MERGED = "merged", "Merged"
    WITHDRAWN = "withdrawn", "Withdrawn"


class StateGroup(Enum):
    OPEN = "open"
    HIDDEN = "hidden"
    SEALED = "sealed"
    FIXED = "fixed"
    CLOSED = "closed"


@dataclass(frozen=True)
class StateInfo:
    """What kind of state it is, and what she reads."""

    type: StateGroup
    words: str | Promise


STATE_INFO: dict[State, StateInfo] = {
    State.REPORTED: StateInfo(StateGroup.OPEN, _("We have it")),
    State.SCREENING: StateInfo(StateGroup.HIDDEN, _("We are checking it")),
    State.DIVERTED: StateInfo(StateGroup.SEALED, _("We have passed this to the right team")),
    State.ACCEPTED: StateInfo(StateGroup.OPEN, _("We are looking into it")),
    State.REFERRED: StateInfo(StateGroup.OPEN, _("Passed to the council or TfL")),
    State.PLANNED: StateInfo(StateGroup.OPEN, _("Action is planned")),
    State.IN_PROGRESS: StateInfo(StateGroup.OPEN, _("It is being done")),
    State.RESOLVED: StateInfo(StateGroup.FIXED, _("Done")),
    State.PARTLY_RESOLVED: StateInfo(StateGroup.FIXED, _("Some of it is done")),
    State.NO_ACTION: StateInfo(StateGroup.CLOSED, _("We cannot change this")),
    State.NOT_OURS: StateInfo(StateGroup.CLOSED, _("This belongs to somebody else")),
    State.MERGED: StateInfo(StateGroup.CLOSED, _("Joined with another")),
    State.WITHDRAWN: StateInfo(StateGroup.CLOSED, _("You asked us to stop")),
}

AWAITING_SCREENING = frozenset({State.REPORTED, State.SCREENING})
ACTIVE_STATES = frozenset({State.ACCEPTED, State.REFERRED, State.PLANNED, State.IN_PROGRESS})
"""Somebody owns it, and there is a day on which she looks at it again."""
RESOLVED_STATES = frozenset(state for state, about in STATE_INFO.items() if about.type is StateGroup.FIXED)
"""Something was done, so that some weeks later she can say whether it is better."""
CLOSED_STATES = frozenset(
    state for state, about in STATE_INFO.items() if about.type in (StateGroup.FIXED, StateGroup.CLOSED)
)

STATES_NOTIFIED_TO_REQUESTER = ACTIVE_STATES | CLOSED_STATES - {State.WITHDRAWN} | {State.DIVERTED}
"""Each of these is an answer that she gets: all but what nobody has looked at, and what she took back herself."""

_OUTCOME_STATES = {State.RESOLVED, State.PARTLY_RESOLVED, State.NO_ACTION, State.WITHDRAWN}

TRANSITIONS: dict[State, frozenset[State]] = {
    State.REPORTED: frozenset({State.SCREENING, State.WITHDRAWN}),
    State.SCREENING: frozenset({State.ACCEPTED, State.DIVERTED, State.MERGED, State.NO_ACTION, State.WITHDRAWN}),
    State.DIVERTED: frozenset(),
    State.ACCEPTED: frozenset({*_OUTCOME_STATES, State.REFERRED, State.PLANNED, State.IN_PROGRESS}),
    # They wrote back, or there is more to say of it.
    State.REFERRED: frozenset({*_OUTCOME_STATES, State.REFERRED, State.NOT_OURS}),
    State.PLANNED: frozenset({*_OUTCOME_STATES, State.IN_PROGRESS}),
    # It goes on, and there is more to say of it.
    State.IN_PROGRESS: frozenset({*_OUTCOME_STATES, State.IN_PROGRESS}),
    # What has ended can be opened again, with a reason.
    **dict.fromkeys(CLOSED_STATES, frozenset({State.ACCEPTED})),
}


class PartnerAgency(TextChoices):
    """Whose a place is, where it is not ours to mend."""

    COUNCIL = "council", "The council"
    TFL = "tfl", "Transport for London"
    RAIL = "rail", "Network Rail or a train company"
    OWNER = "owner", "Whoever owns the land or the building"


REFERRED_LABELS: dict[PartnerAgency, str | Promise] = {
    PartnerAgency.COUNCIL: _("Passed to the council"),
    PartnerAgency.TFL: _("Passed to Transport for London"),
    PartnerAgency.RAIL: _("Passed to Network Rail or the train company"),
    PartnerAgency.OWNER: _("Passed to whoever owns the place"),
}
NOT_OURS_LABELS: dict[PartnerAgency, str | Promise] = {
    PartnerAgency.COUNCIL: _("This belongs to the council"),
    PartnerAgency.TFL: _("This belongs to Transport for London"),
    PartnerAgency.RAIL: _("This belongs to Network Rail or the train company"),
    PartnerAgency.OWNER: _("This belongs to whoever owns the place"),
}


class FollowUpAnswer(TextChoices):
    """What she says when we ask, some weeks after something was done."""

    YES = "yes", _("Yes, it is better")
    NO = "no", _("No, it is not better")
    NOT_SURE = "not_sure", _("I am not sure")


class WalkNoteCode(TextChoices):
    """What an officer taps after a walk, for those who plan the next one."""

    AS_PLANNED = "as_planned", "It went as planned"
    ANOTHER_WAY = "another_way", "We went another way, or stopped sooner"
    NEED_NOT_MET = "need_not_met", "Something that was arranged for her did not work"
    ANOTHER_WALK = "another_walk", "She would like another walk"
    RING_HER = "ring_her", "She would like somebody to ring her"
    REPORTED = "reported", "We made a report in the usual way"


class Light(TextChoices):
    DAYLIGHT = "daylight", _("Daylight")
    DUSK = "dusk", _("When it gets dark or light")
    DARK = "dark", _("In the dark")


class TimeOfDay(TextChoices):
    """A part of the day and never a clock time, which could point to one woman."""

    EARLY = "early", _("Early, before 7am")
    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening, 5pm to 9pm")
    NIGHT = "night", _("Night, after 9pm")
    ANY = "any", _("Any time")


class HowOften(TextChoices):
    ONCE = "once", _("Once")
    SOMETIMES = "sometimes", _("Sometimes")
    OFTEN = "often", _("Most weeks")
    ALWAYS = "always", _("Every time")


class Feeling(IntegerChoices):
    VERY_UNSAFE = 1, _("1 – very unsafe")
    UNSAFE = 2, _("2 – unsafe")
    NEITHER = 3, _("3 – in between")
    SAFE = 4, _("4 – safe")
    VERY_SAFE = 5, _("5 – very safe")
