"""Waiting for something that another thread does."""

import time


def wait_until(condition, seconds=5):
    """Wait for another thread, never longer than is needed."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)
