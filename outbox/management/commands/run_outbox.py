"""The loop: senders that need no queue, because they check the table themselves every second or so."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection

from outbox.health import record_heartbeat
from outbox.jobs import Timetable
from outbox.sending.delivery import Sender, deliver_due
from walkandtalk.lib.database.restores import require_complete_database
from walkandtalk.lib.database.roles import require_application_role

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0
MAX_RETRY_WAIT_SECONDS = 15.0
STUCK_AFTER_SECONDS = 60.0  # a sender busy with one message for longer is stuck, and the heartbeat stops


class Command(BaseCommand):
    help = "Deliver messages from the outbox until told to stop. Needs the database and the mail server, but no Redis."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="deliver what is due now, then exit")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two checks (1)")
        parser.add_argument("--senders", type=int, default=2, help="messages that may be sent at the same time (2)")

    def handle(self, *args: Any, once: bool, interval: float, senders: int, **options: Any) -> None:
        require_application_role()
        require_complete_database()
        if once:
            self.stdout.write(f"Tried {deliver_due(limit=1000)}.")
            return
        Loop(interval, senders=senders).run()


class Loop:
    """Delivers in threads, so that one slow recipient delays nobody else, and runs the timetable of jobs."""

    def __init__(self, interval: float, *, senders: int) -> None:
        self.interval = interval
        self.stop = threading.Event()
        self.senders = [threading.Thread(target=self._deliver, args=(number,)) for number in range(senders)]
        self.seen_at = [time.monotonic()] * senders
        self.errors: list[BaseException] = []
        self.next_heartbeat = 0.0
        self.timetable = Timetable()

    def run(self) -> None:
        # Each sender finishes the message that it is sending and starts no other.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        logger.info("Delivering messages")
        for sender in self.senders:
            sender.start()
        try:
            self._repeat(self._run_housekeeping)
        finally:
            self.stop.set()
            for sender in self.senders:
                sender.join()
        if self.errors:
            raise self.errors[0]
        logger.info("Stopped")

    def _deliver(self, number: int) -> None:
        try:
            with Sender() as sender:
                self._repeat(lambda: self._deliver_one(sender, number))
        except BaseException as error:  # noqa: BLE001 - the main thread raises it, ends and is restarted
            self.errors.append(error)
            self.stop.set()
        finally:
            connection.close()

    def _repeat(self, work: Callable[[], bool]) -> None:
        """Repeat the work until told to stop, without a pause while there is something to do."""
        wait = self.interval
        while not self.stop.is_set():
            try:
                wait = 0 if work() else self.interval
            except Error as error:
                wait = min(max(wait, self.interval) * 2, MAX_RETRY_WAIT_SECONDS)
                logger.warning("The database does not answer (%s); trying again in %.0f s", type(error).__name__, wait)
                connection.close()
            self.stop.wait(wait)

    def _deliver_one(self, sender: Sender, number: int) -> bool:
        self.seen_at[number] = time.monotonic()
        tried = sender.deliver_next()
        if not tried:
            sender.close_connection()
        return tried

    def _run_housekeeping(self) -> bool:
        now = time.monotonic()
        if now >= self.next_heartbeat and now - min(self.seen_at) < STUCK_AFTER_SECONDS:
            record_heartbeat("loop")
            self.next_heartbeat = now + HEARTBEAT_SECONDS
        self.timetable.run_due()
        return False
