"""Write lines into a CSV file, and log that someone took them away."""

import csv
from collections.abc import Iterator

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from audit.lines import COLUMNS
from audit.listings import Listing
from audit.permissions import can_audit
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import require

MOST_LINES = 20_000
"""The most lines of one file, which take 6 seconds. Whoever needs more asks for shorter periods."""

BYTE_ORDER_MARK = "\ufeff"
"""Excel reads a CSV file without it in the code page of the machine."""


class _Echo:
    """Something to write to that gives back what was written."""

    def write(self, text: str) -> str:
        return text


def export_lines(listing: Listing, *, reason: str, route: str, by: Officer) -> Iterator[str]:
    """Log the export with its reason, and return the file piece by piece."""
    require(can_audit(by))
    count = listing.count(most=MOST_LINES)
    record_security_event(SecurityEventKind.LOG_EXPORTED, officer=by, count=count, reason=reason, route=route)
    return _pieces(listing)


def _pieces(listing: Listing) -> Iterator[str]:
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK + writer.writerow(COLUMNS)
    for line in listing.lines(most=MOST_LINES):
        yield writer.writerow(line.cells)
