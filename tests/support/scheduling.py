"""Which tests go to which process, and in what order.

A file stays in one process, so that what it builds is built once. The groups of pytest-xdist say this too, but they
have no effect with pytest 9.2: xdist 3.8 writes them into an attribute that pytest no longer reads.
"""

from xdist.scheduler import LoadScopeScheduling

# The longest first: none of them is what everybody waits for in the end.
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
        return scope_of(nodeid)


def scope_of(nodeid):
    """The file of a test; of a file whose tests each ask for one person, the file and that person."""
    file, _, test = nodeid.partition("::")
    return f"{file}[{test.partition('[')[2]}" if file == SPLIT_BY_PERSON else file


def rank(nodeid):
    """Its place in LONGEST_FIRST, or behind all of them."""
    places = [place for place, start in enumerate(LONGEST_FIRST) if nodeid.startswith(start)]
    return min(places, default=len(LONGEST_FIRST))
