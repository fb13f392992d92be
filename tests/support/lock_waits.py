"""Waiting for somebody who waits."""

import time

import pytest
from django.db import connection

# Of this database alone: other tests run beside these, in one of their own.
BLOCKED_SESSIONS_SQL = (
    "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)

TIMEOUT_SECONDS = 20  # the other waits three seconds, whenever it comes to that


def wait_for_blocked_session():
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if is_session_blocked():
            return
        time.sleep(0.01)
    pytest.fail("Nobody waited for a lock.")


def is_session_blocked(*, least=1):
    """Are so many of them waiting?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # in a transaction it would go on knowing who was there first
        cursor.execute(BLOCKED_SESSIONS_SQL)
        return cursor.fetchone()[0] >= least
