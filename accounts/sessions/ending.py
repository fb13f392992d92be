"""Ending what someone can open without entering a password: sessions and calendar feeds."""

from django.db.models import F

from boroughs.models.officers import Officer


def end_access(officer: Officer) -> None:
    """End every session and calendar feed of this person. Nothing brings them back, not even signing in again."""
    Officer.objects.filter(pk=officer.pk).update(access_version=F("access_version") + 1)
    officer.refresh_from_db(fields=["access_version"])


def lock_account(officer: Officer) -> Officer:
    """Lock the person's row, and return them as they are now: a colleague may have closed the account meanwhile."""
    rows = Officer.objects.select_for_update(of=("self",), no_key=True).select_related("bcu")
    locked: Officer = rows.get(pk=officer.pk)
    return locked
