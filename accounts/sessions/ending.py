"""Ending what someone can open without entering a password: sessions and calendar feeds."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db.models import F

from boroughs.models.officers import Officer
from walkandtalk.lib.rows import save_changes


def end_access(officer: Officer) -> None:
    """End every session and calendar feed of this person. Nothing brings them back, not even signing in again."""
    Officer.objects.filter(pk=officer.pk).update(access_version=F("access_version") + 1)
    officer.refresh_from_db(fields=["access_version"])


def close_access(officer: Officer) -> None:
    """Let this person open nothing any more. If they come back, they get an invitation, as someone new does.

    Their password and second factors go, because those of someone who has left are nobody's to look after.
    """
    save_changes(officer, is_active=False, password=make_password(None))
    Authenticator.objects.filter(user=officer).delete()
    end_access(officer)


def lock_account(officer: Officer) -> Officer:
    """Lock the person's row, and return them as they are now: a colleague may have closed the account meanwhile."""
    rows = Officer.objects.select_for_update(of=("self",), no_key=True).select_related("bcu")
    locked: Officer = rows.get(pk=officer.pk)
    return locked
