"""Run actions at the same moment, in real threads with their own database connections."""

import threading
from concurrent.futures import ThreadPoolExecutor

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
