"""The movers that need no queue: they look at the table themselves, every second or so."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection

from outbox.health import beat
from outbox.jobs import Timetable
from outbox.sending.delivery import Mover, deliver_due

logger = logging.getLogger(__name__)

BEAT_EVERY = 5.0
LONGEST_WAIT = 15.0
LONGEST_LOOK = 60.0  # a mover that has been at one message for longer is stuck, and the heartbeat stops


class Command(BaseCommand):
    help = "Deliver messages from the outbox until told to stop. Needs the database and the mail server, but no Redis."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="deliver what is due now, then end")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks (1)")
        parser.add_argument("--movers", type=int, default=2, help="messages that may be on their way at once (2)")

    def handle(self, *args: Any, once: bool, interval: float, movers: int, **options: Any) -> None:
        if once:
            self.stdout.write(f"Tried {deliver_due(limit=1000)}.")
            return
        Loop(interval, movers=movers).run()


class Loop:
    """Threads that deliver, so that one slow recipient holds up nobody, and the timetable of jobs beside them."""

    def __init__(self, interval: float, *, movers: int) -> None:
        self.interval = interval
        self.stop = threading.Event()
        self.movers = [threading.Thread(target=self._deliver, args=(number,)) for number in range(movers)]
        self.seen_at = [time.monotonic()] * movers
        self.errors: list[BaseException] = []
        self.next_beat = 0.0
        self.timetable = Timetable()

    def run(self) -> None:
        # The messages in hand are finished, at most one hand-over, and no other is begun.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        logger.info("Delivering messages")
        for mover in self.movers:
            mover.start()
        try:
            self._repeat(self._look_after)
        finally:
            self.stop.set()
            for mover in self.movers:
                mover.join()
        if self.errors:
            raise self.errors[0]
        logger.info("Stopped")

    def _deliver(self, number: int) -> None:
        try:
            with Mover() as mover:
                self._repeat(lambda: self._look(mover, number))
        except BaseException as error:  # noqa: BLE001 - the main thread ends with it, and is started again
            self.errors.append(error)
            self.stop.set()
        finally:
            connection.close()

    def _repeat(self, work: Callable[[], bool]) -> None:
        """Until told to stop: at once again where there was something to do."""
        wait = self.interval
        while not self.stop.is_set():
            try:
                wait = 0 if work() else self.interval
            except Error as error:
                wait = min(max(wait, self.interval) * 2, LONGEST_WAIT)
                logger.warning("The database does not answer (%s); next look in %.0f s", type(error).__name__, wait)
                connection.close()
            self.stop.wait(wait)

    def _look(self, mover: Mover, number: int) -> bool:
        self.seen_at[number] = time.monotonic()
        tried = mover.deliver_next()
        if not tried:
            mover.hang_up()
        return tried

    def _look_after(self) -> bool:
        now = time.monotonic()
        if now >= self.next_beat and now - min(self.seen_at) < LONGEST_LOOK:
            beat("loop")
            self.next_beat = now + BEAT_EVERY
        self.timetable.run_due()
        return False
