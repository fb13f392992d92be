"""Lines in the history that Django admin shows of a row, for changes that its own forms do not make."""

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db.models import Model

from boroughs.models.officers import Officer


def record_in_history(row: Model, words: str, *, by: Officer, is_new: bool = False) -> None:
    """Write one line. The words name fields and people, and never what was typed."""
    LogEntry.objects.log_actions(by.pk, [row], ADDITION if is_new else CHANGE, words, single_object=True)
