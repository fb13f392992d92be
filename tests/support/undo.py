"""Everything that a decision may change, to compare before it and after it was undone."""

from bookings.models.bookings import Booking
from bookings.undo.rows import MOVES_ON, read_rows
from walks.models.walks import Walk


def all_rows():
    """Return every row of every booking and walk, without the numbers that only go up."""
    bookings, walks = (list(model.objects.values_list("pk", flat=True)) for model in (Booking, Walk))
    rows = read_rows(bookings, walks)
    return {key: {name: value for name, value in row.items() if name not in MOVES_ON} for key, row in rows.items()}
