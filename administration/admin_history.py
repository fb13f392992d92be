"""Lines in the history that Django admin shows of a row, for changes that its own forms do not make."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db.models import Model

from administration.models import LABELS
from boroughs.models.officers import Officer


def record_in_history(
    row: Model, names: Iterable[str], *, by: Officer, is_new: bool = False, proposed_by: Officer | None = None
) -> None:
    """Write one line in Django's own form, of which an auditor's report reads the fields. It never holds a value."""
    about: dict[str, Any] = {} if is_new else {"fields": [LABELS.get(name, name) for name in names]}
    if proposed_by is not None:
        about |= {"name": "proposal by", "object": proposed_by.name}
    message = [{"added" if is_new else "changed": about}]
    LogEntry.objects.log_actions(by.pk, [row], ADDITION if is_new else CHANGE, message, single_object=True)
