"""Run actions at the same moment, in real threads with their own database connections."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection


def run_concurrently(*presses):
    """Call all of these at the same moment, each in its own thread, and return their results."""
    barrier = threading.Barrier(len(presses))

    def run(press):
        try:
            barrier.wait(timeout=10)
            return press()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(run, presses))


@contextmanager
def act_after_first_read(model, act):
    """Act once, just after the first query that reads this model, as another session could."""
    remaining = [act]

    def execute(run, sql, *args):
        result = run(sql, *args)
        if sql.startswith("SELECT") and f'FROM "{model._meta.db_table}"' in sql and remaining:
            remaining.pop()()
        return result

    with connection.execute_wrapper(execute):
        yield
    assert not remaining


def run_in_thread(work):
    """Start the work in a thread with its own connection, and return the thread."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
