"""Ending what someone can open without entering a password: sessions and calendar feeds."""

from boroughs.models.officers import Officer
from walkandtalk.lib.rows import save_changes


def end_access(officer: Officer) -> None:
    """End every session and calendar feed of this person. Nothing brings them back, not even signing in again."""
    save_changes(officer, access_version=officer.access_version + 1)
