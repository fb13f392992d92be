"""The rule for unusual numbers of bookings opened in a day."""

import pytest

from audit.unusual import FEWEST, MANY, is_unusual, modified_z_score

USUAL = [6, 7, 8, 8, 9, 8, 7, 6, 9, 8]
QUIET = [1, 2, 1, 0, 2, 1, 2, 1]
STEADY = [10] * 20


@pytest.mark.parametrize(
    ("count", "own", "team", "expected"),
    [
        # Her own past, with nobody to compare with.
        (9, USUAL, [], False),
        (13, USUAL, [], False),
        (14, USUAL, [], True),
        # Too few to be unusual, however quiet the past.
        (FEWEST - 1, QUIET, QUIET, False),
        (FEWEST, QUIET, QUIET, True),
        # A past that never varied: one more is not unusual, six more are.
        (11, STEADY, [], False),
        (15, STEADY, [], False),
        (16, STEADY, [], True),
        # She always reads too much, so only her colleagues' numbers show it.
        (40, [40, 41, 39, 40, 42, 40], USUAL, True),
        (40, [40, 41, 39, 40, 42, 40], [], False),
        # Usual among colleagues, unusual for her.
        (30, QUIET, [30, 28, 31, 29, 33, 30], True),
        # A past of fewer than five days is none.
        (20, [1, 1, 1, 1], [], False),
        (MANY - 1, [], [], False),
        (MANY, [], [], True),
        # A bad week in the past doesn't hide the next bad day.
        (60, [8, 7, 9, 8, 60, 60, 60, 8, 7, 9, 8], [], True),
    ],
)
def test_count_is_unusual_if_it_stands_out_from_her_past_or_her_colleagues(count, own, team, expected):
    assert is_unusual(count, own=own, team=team) is expected


def test_score_is_the_published_one():
    # The median of 1 to 9 is 5, and the median distance from it is 2.
    assert modified_z_score(15, range(1, 10)) == pytest.approx(0.6745 * 10 / 2)
