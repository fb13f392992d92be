"""Saving what changes in a row."""

from django.db.models import Model


def save_changes(row: Model, **changes: object) -> None:
    """Set these fields and save them, and no others.

    What is set is saved by the same call, so that no field is set in one place and saved in another, or not at all.
    """
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
