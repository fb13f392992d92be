"""The states of a concern and their transitions, the words requesters read, and the other lists of choices."""

from dataclasses import dataclass
from enum import Enum

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext
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
    WITHDRAWN = "withdrawn", "Withdrawn"


class StateGroup(Enum):
    OPEN = "open"
    HIDDEN = "hidden"
    SEALED = "sealed"
    FIXED = "fixed"
    CLOSED = "closed"


@dataclass(frozen=True)
class StateInfo:
    """The group of a state, and its name as requesters read it."""

    type: StateGroup
    words: str | Promise


STATE_INFO: dict[State, StateInfo] = {
    State.REPORTED: StateInfo(StateGroup.OPEN, _("We have it")),
    State.SCREENING: StateInfo(StateGroup.HIDDEN, _("We’re checking it")),
    State.DIVERTED: StateInfo(StateGroup.SEALED, _("We have passed this to the right team")),
    State.ACCEPTED: StateInfo(StateGroup.OPEN, _("We’re looking into it")),
    State.REFERRED: StateInfo(StateGroup.OPEN, _("Passed to those who can change it")),
    State.PLANNED: StateInfo(StateGroup.OPEN, _("Action is planned")),
    State.IN_PROGRESS: StateInfo(StateGroup.OPEN, _("It’s being done")),
    State.RESOLVED: StateInfo(StateGroup.FIXED, _("Done")),
    State.PARTLY_RESOLVED: StateInfo(StateGroup.FIXED, _("Some of it is done")),
    State.NO_ACTION: StateInfo(StateGroup.CLOSED, _("We can’t change this")),
    State.NOT_OURS: StateInfo(StateGroup.CLOSED, _("This belongs to someone else")),
    State.WITHDRAWN: StateInfo(StateGroup.CLOSED, _("You asked us to stop")),
}

AWAITING_SCREENING = frozenset({State.REPORTED, State.SCREENING})
ACTIVE_STATES = frozenset({State.ACCEPTED, State.REFERRED, State.PLANNED, State.IN_PROGRESS})
"""States with an owner, who looks at the concern again by a certain day."""
UNSETTLED_STATES = AWAITING_SCREENING | ACTIVE_STATES
"""States in which someone still has to do something, so an inspector can take the concern."""
RESOLVED_STATES = frozenset(state for state, about in STATE_INFO.items() if about.type is StateGroup.FIXED)
"""States in which something was done. Weeks later the requester is asked whether it is better."""
CLOSED_STATES = frozenset(
    state for state, about in STATE_INFO.items() if about.type in (StateGroup.FIXED, StateGroup.CLOSED)
)

STATES_NOTIFIED_TO_REQUESTER = ACTIVE_STATES | CLOSED_STATES - {State.WITHDRAWN} | {State.DIVERTED}
"""States that send the requester an answer: all but those before a decision, and her own withdrawal."""

_OUTCOME_STATES = {State.RESOLVED, State.PARTLY_RESOLVED, State.NO_ACTION, State.WITHDRAWN}
_NEXT_STATES = _OUTCOME_STATES | ACTIVE_STATES - {State.ACCEPTED}
"""The states after acceptance. One follows itself when there is more to say, or another date."""

TRANSITIONS: dict[State, frozenset[State]] = {
    State.REPORTED: frozenset({State.SCREENING, State.WITHDRAWN}),
    State.SCREENING: frozenset({State.ACCEPTED, State.DIVERTED, State.NO_ACTION, State.WITHDRAWN}),
    State.DIVERTED: frozenset(),
    State.ACCEPTED: frozenset(_NEXT_STATES),
    State.REFERRED: frozenset({*_NEXT_STATES, State.NOT_OURS}),
    State.PLANNED: frozenset(_NEXT_STATES),
    State.IN_PROGRESS: frozenset(_NEXT_STATES),
    # A closed concern can be reopened.
    **dict.fromkeys(CLOSED_STATES, frozenset({State.ACCEPTED})),
}
"""Of concerns, and of the improvements that they join: a concern of an improvement always has its state."""


JOINED_STATES = (ACTIVE_STATES | CLOSED_STATES) - {State.WITHDRAWN}
"""States of a concern that is part of an improvement. If it is withdrawn, it leaves."""


def words_for_requester(state: State, partner: str) -> str:
    """Return the state as requesters read it. `partner` is who has it, if anyone has."""
    match state:
        case State.REFERRED if partner:
            return gettext("Passed to %(partner)s") % {"partner": partner}
        case State.NOT_OURS if partner:
            return gettext("This belongs to %(partner)s") % {"partner": partner}
    return str(STATE_INFO[state].words)


class PartnerAnswer(TextChoices):
    """A partner's answer about an improvement that we referred to it."""

    RECEIVED = "received", "We’ve received it"
    PLANNED = "planned", "It’s planned"
    DONE = "done", "It’s done"
    NOT_OURS = "not_ours", "It isn’t ours"
    CANNOT = "cannot", "We can’t do it"
    CLOSED = "closed", "Closed in its own system"
    """Only a system of the partner's says this. It may mean done or refused, so an inspector finds out."""


LAST_ANSWERS = frozenset({PartnerAnswer.DONE, PartnerAnswer.NOT_OURS, PartnerAnswer.CANNOT})
"""Answers after which the partner owes us nothing more."""


class AnsweredBy(TextChoices):
    """How a partner's answer reached us."""

    LINK = "link", "by the link in our email"
    US = "us", "to one of us"
    OPEN311 = "open311", "from its own system"


class FollowUpAnswer(TextChoices):
    """A requester's answer to a follow-up question."""

    YES = "yes", _("Yes, it’s better")
    NO = "no", _("No, it isn’t better")
    NOT_SURE = "not_sure", _("I’m not sure")


class WalkNoteCode(TextChoices):
    """Observations that an officer taps after a walk, for colleagues who plan the next one."""

    AS_PLANNED = "as_planned", "It went as planned"
    ANOTHER_WAY = "another_way", "We went another way, or stopped sooner"
    NEED_NOT_MET = "need_not_met", "Something that was arranged for her did not work"
    ANOTHER_WALK = "another_walk", "She would like another walk"
    RING_HER = "ring_her", "She would like someone to ring her"
    REPORTED = "reported", "We made a report in the usual way"


class Light(TextChoices):
    DAYLIGHT = "daylight", _("Daylight")
    DUSK = "dusk", _("When it gets dark or light")
    DARK = "dark", _("In the dark")


LIGHT_FOR_PARTNERS = {Light.DAYLIGHT: "In daylight", Light.DUSK: "At dusk or dawn", Light.DARK: "After dark"}
"""When someone should look at a place, as a partner reads it."""


class TimeOfDay(TextChoices):
    """Parts of the day. A clock time could identify one requester."""

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
