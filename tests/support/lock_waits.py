"""Wait until another session is blocked by a lock."""

import time

import pytest
from django.db import connection, transaction

from tests.support.concurrency import run_in_thread

# Only in this database, because other tests run at the same time in their own.
BLOCKED_SESSIONS_SQL = (
    "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)

TIMEOUT_SECONDS = 20  # the other session waits three seconds for the lock, and may start late


def wait_for_blocked_session():
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if is_session_blocked():
            return
        time.sleep(0.01)
    pytest.fail("No session was blocked by a lock.")


def press_while_locked(press, *, lock, act):
    """Press in a second session, and act while it waits for the lock. Return what the press returned."""
    pressed = []
    with transaction.atomic():
        lock()
        thread = run_in_thread(lambda: pressed.append(press()))
        wait_for_blocked_session()
        act()
    thread.join()
    return pressed[0]


def is_session_blocked(*, least=1):
    """Return whether at least this many sessions are blocked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction would otherwise see its first snapshot again
        cursor.execute(BLOCKED_SESSIONS_SQL)
        return cursor.fetchone()[0] >= least
