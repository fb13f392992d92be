"""The mover that needs no queue: it looks at the table itself, every second or so."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection

from outbox.delivery import deliver_due
from outbox.health import beat
from outbox.jobs import Timetable

logger = logging.getLogger(__name__)

BEAT_EVERY = 5.0
LONGEST_WAIT = 15.0


class Command(BaseCommand):
    help = "Deliver messages from the outbox until told to stop. Needs the database and the mail server, but no Redis."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="deliver what is due now, then end")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks (1)")

    def handle(self, *args: Any, once: bool, interval: float, **options: Any) -> None:
        if once:
            self.stdout.write(f"Tried {deliver_due(limit=1000)}.")
            return
        Loop(interval).run()


class Loop:
    def __init__(self, interval: float) -> None:
        self.interval = interval
        self.stop = threading.Event()
        self.next_beat = 0.0
        self.timetable = Timetable()

    def run(self) -> None:
        # The message in hand is finished, at most one hand-over, and no other is begun.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        logger.info("Delivering messages")
        wait = self.interval
        while not self.stop.is_set():
            try:
                tried = self.look()
                wait = 0 if tried else self.interval
            except Error as error:
                wait = min(max(wait, self.interval) * 2, LONGEST_WAIT)
                logger.warning("The database does not answer (%s); next look in %.0f s", type(error).__name__, wait)
                connection.close()
            self.stop.wait(wait)
        logger.info("Stopped")

    def look(self) -> int:
        """One message at a time, so that the heartbeat and a signal never wait for more than one."""
        if time.monotonic() >= self.next_beat:
            beat("loop")
            self.next_beat = time.monotonic() + BEAT_EVERY
        tried = deliver_due(limit=1)
        self.timetable.run_due()
        return tried
