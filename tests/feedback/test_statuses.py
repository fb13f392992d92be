import re
from pathlib import Path

import pytest

from feedback.statuses import (
    ACTIVE_STATES,
    AWAITING_SCREENING,
    CLOSED_STATES,
    STATE_INFO,
    TRANSITIONS,
    State,
    StateGroup,
)

DIAGRAM = Path(__file__).parents[2] / "docs" / "concern-statuses.md"


def test_diagram_shows_the_transitions():
    drawn_transitions = set(re.findall(r"^\s*(\w+) --> (\w+)$", DIAGRAM.read_text(), re.MULTILINE))

    assert drawn_transitions == {(str(state), str(to)) for state, targets in TRANSITIONS.items() for to in targets}


def test_every_state_has_info_and_transitions():
    assert set(STATE_INFO) == set(TRANSITIONS) == set(State)


@pytest.mark.parametrize("state", State)
def test_closed_states_allow_only_reopening(state):
    assert (TRANSITIONS[state] == {State.ACCEPTED}) is (STATE_INFO[state].type in (StateGroup.FIXED, StateGroup.CLOSED))


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached_from_reported(state):
    reached, latest = {State.REPORTED}, {State.REPORTED}
    while latest:
        latest = {to for state_reached in latest for to in TRANSITIONS[state_reached]} - reached
        reached |= latest

    assert state in reached


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_label_for_the_requester(state):
    assert str(STATE_INFO[state].words)


def test_every_state_is_listed_once_or_sealed():
    listed = [*AWAITING_SCREENING, *ACTIVE_STATES, *CLOSED_STATES]

    assert sorted(listed) == sorted(set(State) - {State.DIVERTED})
    assert STATE_INFO[State.DIVERTED].type is StateGroup.SEALED


def test_not_ours_comes_only_after_a_referral():
    assert [state for state in State if State.NOT_OURS in TRANSITIONS[state]] == [State.REFERRED]
