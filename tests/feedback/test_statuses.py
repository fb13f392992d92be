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

PICTURE = Path(__file__).parents[2] / "docs" / "concern-statuses.md"


def test_picture_shows_the_transitions():
    drawn = set(re.findall(r"^\s*(\w+) --> (\w+)$", PICTURE.read_text(), re.MULTILINE))

    assert drawn == {(str(state), str(to)) for state, targets in TRANSITIONS.items() for to in targets}


def test_every_state_has_info_and_transitions():
    assert set(STATE_INFO) == set(TRANSITIONS) == set(State)


@pytest.mark.parametrize("state", State)
def test_ended_states_can_only_be_reopened(state):
    assert (TRANSITIONS[state] == {State.ACCEPTED}) is (STATE_INFO[state].type in (StateGroup.FIXED, StateGroup.CLOSED))


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_reached_from_reported(state):
    reached, edge = {State.REPORTED}, {State.REPORTED}
    while edge:
        edge = {to for at in edge for to in TRANSITIONS[at]} - reached
        reached |= edge

    assert state in reached


@pytest.mark.parametrize("state", State)
def test_every_state_has_words_for_the_requester(state):
    assert str(STATE_INFO[state].words)


def test_every_state_is_in_one_list_or_sealed():
    listed = [*AWAITING_SCREENING, *ACTIVE_STATES, *CLOSED_STATES]

    assert sorted(listed) == sorted(set(State) - {State.DIVERTED})
    assert STATE_INFO[State.DIVERTED].type is StateGroup.SEALED


def test_not_ours_comes_only_after_a_referral():
    assert [state for state in State if State.NOT_OURS in TRANSITIONS[state]] == [State.REFERRED]
