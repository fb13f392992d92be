"""Few passwords are checked at once, because each check takes about half a second of CPU.

docs/rules.md#wrong-passwords
"""

import datetime
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection, transaction

from accounts.limits import RateLimit, note_reached
from accounts.models import RateCount

THREADS = 4
"""How many threads of a web worker each lane may hold at once, and refused tries. gunicorn.conf.py has two more."""
LONGEST_WAIT = "5s"  # for the checks of two web workers in one lane, one after the other
LOCK_NOT_AVAILABLE = "55P03"
LINE_EVERY = datetime.timedelta(minutes=15)


class TooBusy(Exception):
    """Too many others are waiting for their passwords to be checked."""


class Lane:
    """Passwords are checked one at a time in each lane, whatever the number of web workers."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._threads = threading.BoundedSemaphore(THREADS)

    @contextmanager
    def hold_thread(self) -> Iterator[None]:
        """Use one of this worker's threads. Raise TooBusy at once if the lane has no more, so that pages have some."""
        if not self._threads.acquire(blocking=False):
            note_reached(RateLimit(f"threads of {self.name}", LINE_EVERY, THREADS))
            raise TooBusy
        try:
            yield
        finally:
            self._threads.release()

    @contextmanager
    def wait_for_turn(self) -> Iterator[None]:
        """Wait until no other password of this lane is being checked. Raise TooBusy after `LONGEST_WAIT`."""
        with transaction.atomic():
            self._lock()
            yield

    def _lock(self) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])
                RateCount.objects.lock_key(f"lane of {self.name}")
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
                raise
            note_reached(RateLimit(f"turns of {self.name}", LINE_EVERY, THREADS))
            raise TooBusy from error


STRANGERS = Lane("strangers")
"""Browsers that nobody has signed in on before, and those that claim another name."""
KNOWN = Lane("known")
"""Known browsers, people who are signed in, and those who chose a password with a link. Strangers can't fill it."""
_refused = threading.BoundedSemaphore(THREADS)


def slow_down() -> None:
    """Wait before a refusal, so that a client who asks again at once takes little CPU. Of many at once, few wait."""
    if _refused.acquire(blocking=False):
        try:
            time.sleep(settings.PASSWORD_REFUSAL_SECONDS)
        finally:
            _refused.release()
