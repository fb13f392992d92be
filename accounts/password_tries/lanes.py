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
THREADS_OF_ONE = 2
"""How many of these one network, or one person who is signed in, may hold. The others are left for everyone else."""
LONGEST_WAIT = "5s"  # for the checks of two web workers in one lane, one after the other
LOCK_NOT_AVAILABLE = "55P03"
LINE_EVERY = datetime.timedelta(minutes=15)


class TooBusy(Exception):
    """Too many others are waiting for their passwords to be checked, or this account's is being checked already."""


class Lane:
    """Passwords are checked one at a time in each lane, whatever the number of web workers.

    `most_of_one` is how many of a worker's threads one holder may have.
    """

    def __init__(self, name: str, *, most_of_one: int = THREADS_OF_ONE) -> None:
        self.name = name
        self._most_of_one = most_of_one
        self._holders: list[str] = []
        self._held = threading.Lock()

    @contextmanager
    def hold_thread(self, holder: str) -> Iterator[None]:
        """Use one of this worker's threads for this network, or for someone who is signed in.

        Raise TooBusy at once if the lane has no more, so that pages have some.
        """
        if reached := self._add(holder):
            note_reached(reached)
            raise TooBusy
        try:
            yield
        finally:
            with self._held:
                self._holders.remove(holder)

    @contextmanager
    def wait_for_turn(self, account: str) -> Iterator[None]:
        """Wait until no other password of this lane is being checked. Raise TooBusy after `LONGEST_WAIT`.

        Raise it at once if this account's password is being checked, so that one account never fills a lane.
        """
        with transaction.atomic():
            if not RateCount.objects.try_lock_key(f"check of {account} among {self.name}"):
                raise TooBusy
            self._lock()
            yield

    def _add(self, holder: str) -> RateLimit | None:
        """Add the holder, or return the limit that refuses it."""
        with self._held:
            if len(self._holders) >= THREADS:
                return RateLimit(f"threads of {self.name}", LINE_EVERY, THREADS, is_shared=True)
            if self._holders.count(holder) >= self._most_of_one:
                key = f"threads of {self.name} held by {holder}"
                return RateLimit(key, LINE_EVERY, self._most_of_one, is_shared=True)
            self._holders.append(holder)
        return None

    def _lock(self) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LONGEST_WAIT])
                RateCount.objects.lock_key(f"lane of {self.name}")
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
                raise
            note_reached(RateLimit(f"turns of {self.name}", LINE_EVERY, THREADS, is_shared=True))
            raise TooBusy from error


STRANGERS = Lane("strangers")
"""Browsers that nobody has signed in on before, and those that claim another name."""
KNOWN = Lane("known")
"""Known browsers, people who are signed in, and those who chose a password with a link. Strangers can't fill it."""
FORCE = Lane("the force's sign-in", most_of_one=THREADS)
"""People for whom we ask the force's provider, which may hang. A whole force may share one address."""
_refused = threading.BoundedSemaphore(THREADS)


def slow_down() -> None:
    """Wait before a refusal, so that a client who asks again at once takes little CPU. Of many at once, few wait."""
    if _refused.acquire(blocking=False):
        try:
            time.sleep(settings.PASSWORD_REFUSAL_SECONDS)
        finally:
            _refused.release()
