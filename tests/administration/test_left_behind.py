"""The numbers of what someone leaves, in words."""

import pytest

from administration.left_behind import LeftBehind


@pytest.mark.parametrize(
    ("walks", "bookings", "concerns", "recurring_walks", "words"),
    [
        (0, 0, 0, 0, "nothing"),
        (0, 0, 0, 1, "1 recurring walk"),
        (2, 0, 0, 1, "2 walks and 1 recurring walk"),
        (1, 2, 3, 4, "1 walk, 2 bookings, 3 concerns and 4 recurring walks"),
    ],
)
def test_only_what_someone_leaves_is_named(walks, bookings, concerns, recurring_walks, words):
    left = LeftBehind(
        walks=walks, walks_going_on=0, bookings=bookings, concerns=concerns, recurring_walks=recurring_walks
    )

    assert (left.in_words, left.is_anything) == (words, words != "nothing")
