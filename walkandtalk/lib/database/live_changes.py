"""Change tables while people use the service: one change at a time, and none that makes them wait.

A statement that waits for a lock makes everyone who comes after it wait as well. So a migration waits for two seconds,
gives way, and tries again. docs/decisions/migrations.md
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

LOCK_SECONDS = 2
ONE_AT_A_TIME = 0x57415448  # the advisory lock of prepare_database
GAVE_WAY = ("55P03", "40P01")  # PostgreSQL's codes for a lock that did not come in time, and for a deadlock
INVALID_INDEXES = """
SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND relkind = 'i' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""


class TablesInUse(Exception):
    """Other transactions kept a table locked each time we tried."""


@contextmanager
def one_at_a_time(say: Callable[[str], object]) -> Iterator[None]:
    """Let one process at a time into this block. The others wait outside a transaction.

    A connection that waits inside the lock function would hold up CREATE INDEX CONCURRENTLY, which waits for every
    statement that began before it.
    """
    if not _try_lock():
        say("Another prepare_database is running. Waiting until it has ended.")
        while not _try_lock():
            time.sleep(1)
    yield  # the lock ends with the connection


def _try_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])
        (locked,) = cursor.fetchone()
    return bool(locked)


@contextmanager
def short_locks() -> Iterator[None]:
    """Give up a lock after two seconds inside this block, and let a statement run as long as it needs."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
    _give_up_after(LOCK_SECONDS)
    with connection.execute_wrapper(_wait_where_nobody_queues):
        yield


def _give_up_after(seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds}s"])


def _wait_where_nobody_queues(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """Let CREATE INDEX CONCURRENTLY wait for as long as it takes: given up half-way, it leaves an invalid index."""
    if " CONCURRENTLY " not in sql:
        return execute(sql, *rest)
    _give_up_after(0)
    try:
        return execute(sql, *rest)
    finally:
        _give_up_after(LOCK_SECONDS)


def invalid_indexes() -> list[str]:
    """Return the indexes whose building was interrupted. They cost time and serve nobody."""
    with connection.cursor() as cursor:
        cursor.execute(INVALID_INDEXES)
        return [name for (name,) in cursor.fetchall()]


def try_again(change: Callable[[], object], *, tries: int, pause: float, say: Callable[[str], object]) -> None:
    """Make a change that may be repeated, until no lock is in its way. Raise TablesInUse if one always is."""
    for left in reversed(range(tries)):
        try:
            change()
            return
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) not in GAVE_WAY:
                raise
            if not left:
                raise TablesInUse from error
        say(f"A table is in use, so the migration gave way after {LOCK_SECONDS} seconds. Trying again in {pause:g} s.")
        time.sleep(pause)
