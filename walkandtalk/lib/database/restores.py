"""Notices that a database was restored, and keeps every process away from it until `manage.py restored` was run.

docs/decisions/restore.md says how, and why.
"""

import datetime
import logging

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import OperationalError, connection, transaction
from django.db.models import Exists

from walkandtalk.lib.database.models import DatabaseMark

logger = logging.getLogger(__name__)

STORAGE = "erasures"
"""Where the ledger of erasures is, because that never goes back to an older copy."""
LAST_SEEN = "database.seen"
RESTORED = (
    "This database was restored from a backup or an older copy, or another server has taken over, so nothing is sent. "
    "Run `manage.py restored`. See docs/backup.md."
)
IS_COMPLETE = Exists(DatabaseMark.objects.here())
"""A condition for queries that must find nothing in a restored database."""


def was_restored() -> bool:
    """Return whether this database came from a backup or another server, and nobody has dealt with that yet."""
    return not DatabaseMark.objects.here().exists()


def notice_older_database() -> None:
    """Mark a database as restored if it was seen later than it knows: a snapshot or a copied folder was put back."""
    last_seen = _read_last_seen()  # before the row, which may be newer than the file, and never older
    if last_seen is None or not DatabaseMark.objects.filter(seen_at__lt=last_seen).exists():
        return
    logger.error("This database is older than the one that was last seen at %s", last_seen.isoformat())
    DatabaseMark.move_away()


def write_last_seen() -> None:
    """Write when this database was last seen, in itself and then beside the ledger, unless it is an older one."""
    notice_older_database()
    if was_restored():
        return
    DatabaseMark.see()
    # Only what is committed may be written. One process at a time writes, because no storage replaces a file.
    with transaction.atomic():
        mark = DatabaseMark.objects.select_for_update(skip_locked=True, no_key=True).first()
        if mark is not None:
            forget_last_seen()
            storages[STORAGE].save(LAST_SEEN, ContentFile(mark.seen_at.isoformat().encode()))


def forget_last_seen() -> None:
    """Let an older database be the one in use from now on."""
    storages[STORAGE].delete(LAST_SEEN)


def _read_last_seen() -> datetime.datetime | None:
    """Return what was last written beside the ledger. A storage that is down, or has nothing, proves nothing."""
    try:
        with storages[STORAGE].open(LAST_SEEN) as file:
            return datetime.datetime.fromisoformat(file.read().decode())
    except FileNotFoundError:
        return None
    except Exception as error:  # noqa: BLE001  # each storage has exceptions of its own
        logger.warning("When the database was last seen can't be read: %s", type(error).__name__)
        return None


def require_complete_database() -> None:
    """Raise ImproperlyConfigured in a restored database. One that is down proves nothing."""
    try:
        notice_older_database()
        restored = was_restored()
    except OperationalError:
        return
    finally:
        connection.close()
    if restored:
        raise ImproperlyConfigured(RESTORED)
