"""Deadlines that hold even if PostgreSQL has stopped answering, for example on a machine that hangs.

A frozen server enforces none of its own time-outs, so each wait for it ends here too. After one connection attempt got
no answer, the others of this process fail at once, and one every second tries again (docs/decisions/time-outs.md).
"""

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
from psycopg2 import extensions

ANSWER_SECONDS = 3.0
"""The longest wait for a new connection."""
OLD_CONNECTION_SECONDS = 1.0
"""The longest wait for an old connection that only has to say that it still works. Otherwise we make a new one."""
PAGE_STATEMENT_SECONDS, JOB_STATEMENT_SECONDS = 5, 60
"""The longest statement of web, where somebody waits for the page, and of every other process."""
GRACE_SECONDS = 0.5
"""How much longer we wait than the server's own time-out, whose error says more than ours."""
RETRY_SECONDS = 1.0
CHECK_SECONDS = 0.25


@dataclass
class Limits:
    """The limits of this process. walkandtalk.wsgi lowers them."""

    statement: int = JOB_STATEMENT_SECONDS


limits = Limits()


def session_options(statement_seconds: int) -> str:
    """Return the server's time-outs for a connection whose statements may take so many seconds.

    Waiting for a lock ends before the statement does, so that the error names the lock.
    """
    time_outs = {
        "statement_timeout": f"{statement_seconds}s",
        "lock_timeout": f"{statement_seconds * 600}ms",
        "idle_in_transaction_session_timeout": f"{statement_seconds * 2}s",
    }
    return " ".join(f"-c {name}={value}" for name, value in time_outs.items())


class Unanswered(psycopg2.OperationalError):  # type: ignore[misc]
    """PostgreSQL did not answer in time. psycopg2 has closed the connection, and Django raises OperationalError."""


class Outage:
    """Whether a server has stopped answering this process. All its threads share one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._retry_at: float | None = None

    @property
    def is_on(self) -> bool:
        return self._retry_at is not None

    def begin(self) -> None:
        self._retry_at = time.monotonic() + RETRY_SECONDS

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Ask the server whether it is there. Raise Unanswered without asking if another thread is just doing that."""
        self._enter()
        try:
            yield
        except Unanswered:
            raise
        except BaseException:
            self._retry_at = None  # a refusal is an answer too
            raise
        self._retry_at = None

    def _enter(self) -> None:
        with self._lock:
            if self._retry_at is None:
                return
            if time.monotonic() < self._retry_at:
                raise Unanswered("PostgreSQL has stopped answering. We try again every second.")
            self._retry_at = time.monotonic() + ANSWER_SECONDS + RETRY_SECONDS  # for the others, while we ask


class Connection(extensions.connection):  # type: ignore[misc]
    """A connection with its longest wait for an answer, in seconds. None means any time."""

    seconds: float | None = ANSWER_SECONDS
    is_attempt = True
    """Whether it is being made. The silence of an old one proves nothing: a firewall may have forgotten it."""
    patience = CHECK_SECONDS
    """The same, after another connection has found out that the server doesn't answer."""
    outage = Outage()
    """Of the database that everything is in."""


class ReplicaConnection(Connection):
    """A connection to a copy, which may stop answering by itself."""

    outage = Outage()


def wait(connection: extensions.connection) -> None:
    """Wait until the connection is ready, or raise Unanswered. psycopg2 calls this instead of blocking."""
    began = time.monotonic()
    while (state := connection.poll()) != extensions.POLL_OK:
        _wait_for_socket(connection, state, began)


def _wait_for_socket(connection: extensions.connection, state: int, began: float) -> None:
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
    while not poll.poll(1000 * CHECK_SECONDS):
        if not isinstance(connection, Connection):
            continue  # it isn't Django's
        waited = time.monotonic() - began
        if connection.seconds is not None and waited >= connection.seconds:
            if connection.is_attempt:
                connection.outage.begin()
            raise Unanswered("PostgreSQL did not answer in time.")
        if connection.outage.is_on and waited >= connection.patience:
            raise Unanswered("PostgreSQL has stopped answering, as another connection found out.")
