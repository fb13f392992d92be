import re
from pathlib import Path

import pytest

from bookings.statuses import MOVES, OPEN, Status
from walks.statuses import WALK_MOVES, WalkStatus

DOCS = Path(__file__).parents[2] / "docs"


def drawn_moves(page):
    """The arrows of the mermaid state diagram in this page, as pairs of statuses."""
    return set(re.findall(r"^\s*(\w+) --> (\w+)$", (DOCS / page).read_text(), re.MULTILINE))


@pytest.mark.parametrize(
    ("page", "moves"), [("booking-statuses.md", MOVES), ("walk-statuses.md", WALK_MOVES)], ids=["booking", "walk"]
)
def test_moves_are_those_that_the_picture_shows(page, moves):
    in_code = {(str(status), str(to)) for status, targets in moves.items() for to in targets}

    assert drawn_moves(page) == in_code


@pytest.mark.parametrize(("statuses", "moves"), [(Status, MOVES), (WalkStatus, WALK_MOVES)])
def test_moves_speak_of_every_status(statuses, moves):
    assert set(moves) == set(statuses)


PUT_RIGHT = {Status.COMPLETED, Status.MISSED_BY_HER}


def test_open_bookings_are_those_that_can_still_move_and_not_only_be_put_right():
    assert {status for status, targets in MOVES.items() if targets} == OPEN | PUT_RIGHT
