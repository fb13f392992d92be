"""Waiting for somebody who waits."""

import time

import pytest
from django.db import connection


def wait_until_somebody_waits_for_a_lock():
    deadline = time.monotonic() + 2.5
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("Nobody waited for a lock.")
