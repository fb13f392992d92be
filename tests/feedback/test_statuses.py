import re
from pathlib import Path

import pytest

from feedback.statuses import BEING_DEALT_WITH, ENDED, MOVES, TABLE, TO_CHECK, State, Type

PICTURE = Path(__file__).parents[2] / "docs" / "concern-statuses.md"


def test_moves_are_those_that_the_picture_shows():
    drawn = set(re.findall(r"^\s*(\w+) --> (\w+)$", PICTURE.read_text(), re.MULTILINE))

    assert drawn == {(str(state), str(to)) for state, targets in MOVES.items() for to in targets}


def test_table_and_moves_speak_of_every_state():
    assert set(TABLE) == set(MOVES) == set(State)


@pytest.mark.parametrize("state", State)
def test_what_has_ended_can_only_be_opened_again(state):
    assert (MOVES[state] == {State.ACCEPTED}) is (TABLE[state].type in (Type.FIXED, Type.CLOSED))


@pytest.mark.parametrize("state", State)
def test_every_state_is_reached_from_reported(state):
    reached, edge = {State.REPORTED}, {State.REPORTED}
    while edge:
        edge = {to for at in edge for to in MOVES[at]} - reached
        reached |= edge

    assert state in reached


@pytest.mark.parametrize("state", State)
def test_every_state_has_words_for_her(state):
    assert str(TABLE[state].words)


def test_every_state_is_in_one_list_or_sealed():
    listed = [*TO_CHECK, *BEING_DEALT_WITH, *ENDED]

    assert sorted(listed) == sorted(set(State) - {State.DIVERTED})
    assert TABLE[State.DIVERTED].type is Type.SEALED


def test_not_ours_comes_only_after_a_referral():
    assert [state for state in State if State.NOT_OURS in MOVES[state]] == [State.REFERRED]
