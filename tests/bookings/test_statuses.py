import re
from pathlib import Path

import pytest

from bookings.statuses import OPEN_STATUSES, TRANSITIONS, Status
from walks.statuses import LIVE_STATUSES, WALK_TRANSITIONS, WalkStatus

DOCS = Path(__file__).parents[2] / "docs"


def drawn_moves(page):
    """Return the arrows of the Mermaid state diagram on this page, as pairs of statuses."""
    return set(re.findall(r"^\s*(\w+) --> (\w+)$", (DOCS / page).read_text(), re.MULTILINE))


@pytest.mark.parametrize(
    ("page", "moves"),
    [("booking-statuses.md", TRANSITIONS), ("walk-statuses.md", WALK_TRANSITIONS)],
    ids=["booking", "walk"],
)
def test_transitions_match_the_diagram(page, moves):
    in_code = {(str(status), str(to)) for status, targets in moves.items() for to in targets}

    assert drawn_moves(page) == in_code


@pytest.mark.parametrize(("statuses", "moves"), [(Status, TRANSITIONS), (WalkStatus, WALK_TRANSITIONS)])
def test_transitions_cover_every_status(statuses, moves):
    assert set(moves) == set(statuses)


def test_live_statuses_are_those_with_transitions_other_than_corrections():
    assert {status for status, targets in WALK_TRANSITIONS.items() if targets} == LIVE_STATUSES | {WalkStatus.COMPLETED}


PUT_RIGHT = {Status.COMPLETED, Status.REQUESTER_ABSENT}


def test_open_statuses_are_those_with_transitions_other_than_corrections():
    assert {status for status, targets in TRANSITIONS.items() if targets} == OPEN_STATUSES | PUT_RIGHT
