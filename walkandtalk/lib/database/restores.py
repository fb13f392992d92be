"""Notices that a database was restored, and keeps every process away from it until `manage.py restored` was run.

docs/decisions/restore.md says how, and why.
"""

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.models import Exists

from walkandtalk.lib.database.models import DatabaseMark

RESTORED = (
    "This database was restored from a backup, or another server has taken over, so nothing is sent. "
    "Run `manage.py restored`. See docs/backup.md."
)
IS_COMPLETE = Exists(DatabaseMark.objects.here())
"""A condition for queries that must find nothing in a restored database."""


def was_restored() -> bool:
    """Return whether this database came from a backup or another server, and nobody has dealt with that yet."""
    return not DatabaseMark.objects.here().exists()


def require_complete_database() -> None:
    """Raise ImproperlyConfigured in a restored database. One that is down proves nothing."""
    try:
        restored = was_restored()
    except OperationalError:
        return
    finally:
        connection.close()
    if restored:
        raise ImproperlyConfigured(RESTORED)
