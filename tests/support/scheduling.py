"""Assign tests to processes, and order them.

A file stays in one process, so that its shared rows are built once. The groups of pytest-xdist have no effect with
pytest 9.2, because xdist 3.8 stores them in an attribute that pytest no longer reads.
"""

from xdist.scheduler import LoadScopeScheduling

# The longest start first, so that no process finishes long after the others.
LONGEST_FIRST = (
    "tests/faults/",
    "tests/devtools/",
    "tests/test_compose.py",
    "tests/browser/",
    "tests/pages/test_public_forms.py",
    "tests/pages/test_every_address.py",
    "tests/pages/test_hostile_input.py",
    "tests/bookings/scheduling/test_double_booking.py",
    "tests/test_overlapping_jobs.py",
    "tests/bookings/test_action_sequences.py",
)
SPLIT_BY_PERSON = "tests/pages/test_every_address.py"


class FileScheduling(LoadScopeScheduling):
    def _split_scope(self, nodeid):
        return get_scope(nodeid)


def get_scope(nodeid):
    """Return the file of a test, with the user if the file is split by user."""
    file, _, test = nodeid.partition("::")
    return f"{file}[{test.partition('[')[2]}" if file == SPLIT_BY_PERSON else file


def rank(nodeid):
    """Return the place of a test in LONGEST_FIRST, or the place after all of them."""
    places = [place for place, start in enumerate(LONGEST_FIRST) if nodeid.startswith(start)]
    return min(places, default=len(LONGEST_FIRST))
