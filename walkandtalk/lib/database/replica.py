"""A copy of the database that only reads. `reading_from_replica` sends it the reads of one block, and nothing else.

docs/scale.md#a-read-replica
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS

REPLICA = "replica"

_is_read = ContextVar("is_read", default=False)


@contextmanager
def reading_from_replica() -> Iterator[None]:
    """Send every read inside this block to the replica, which may be a moment behind. Writes are not affected."""
    token = _is_read.set(True)
    try:
        yield
    finally:
        _is_read.reset(token)


class ReplicaRouter:
    def db_for_read(self, model: Any, **hints: Any) -> str:
        return REPLICA if _is_read.get() else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Return the one database that takes writes, also for a row that was read from the replica."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True  # both hold the same rows

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != REPLICA
