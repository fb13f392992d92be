"""Everything that a decision may change, to compare before it and after it was undone."""

from django.test import override_settings

from bookings.models.bookings import Booking
from bookings.models.undoable_decisions import UndoableDecision
from bookings.undo.rows import MOVES_ON, read_rows
from tests.support.decisions import decline_now
from walks.models.walks import Walk


def all_rows():
    """Return every row of every booking and walk, without the numbers that only go up."""
    bookings, walks = (list(model.objects.values_list("pk", flat=True)) for model in (Booking, Walk))
    rows = read_rows(bookings, walks)
    return {key: {name: value for name, value in row.items() if name not in MOVES_ON} for key, row in rows.items()}


def decline_with_hold(booking, inspector):
    """Decline the booking, and return what is needed to undo it within the hour."""
    with override_settings(UNDO_SECONDS=3600):
        decline_now(booking, inspector)
    return UndoableDecision.objects.get(about_id=booking.pk)
