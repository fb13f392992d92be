"""Django's PostgreSQL, with a deadline for every wait (walkandtalk.lib.database.deadlines)."""

from typing import Any

import psycopg2
from django.db.backends.postgresql import base
from psycopg2 import extensions

from walkandtalk.lib.database import deadlines
from walkandtalk.lib.database.replica import REPLICA

extensions.set_wait_callback(deadlines.wait)

KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""Seconds, and how many. Shorter than firewalls forget a connection that nobody uses."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A database like Django's, with two more settings.

    `TIME_OUTS` is False if its statements may take any time. With `POOLER` we send no options, because a pooler refuses
    them: it has time-outs of its own.
    """

    @property
    def statement_seconds(self) -> int | None:
        return deadlines.limits.statement if self.settings_dict.get("TIME_OUTS", True) else None

    def get_connection_params(self) -> dict[str, Any]:
        params = KEEPALIVES | super().get_connection_params() | {"connection_factory": self._factory}
        if self.statement_seconds and not self.settings_dict.get("POOLER", False):
            params["options"] = f"{deadlines.session_options(self.statement_seconds)} {params.get('options', '')}"
        return params

    @property
    def _factory(self) -> type[deadlines.Connection]:
        return deadlines.ReplicaConnection if self.alias == REPLICA else deadlines.Connection

    def connect(self) -> None:
        with self._factory.outage.attempt():
            super().connect()
        self._expect_statements()

    def is_usable(self) -> bool:
        """Ask before the first query of a request. If it says no, Django connects again."""
        if self.connection is None or self._factory.outage.is_on:
            return False
        self.connection.seconds, self.connection.patience = deadlines.OLD_CONNECTION_SECONDS, deadlines.CHECK_SECONDS
        try:
            self._ask()
        except psycopg2.Error:
            return False
        self._expect_statements()
        return True

    def _ask(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    def _expect_statements(self) -> None:
        seconds = self.statement_seconds
        self.connection.is_attempt = False
        self.connection.seconds = seconds + deadlines.GRACE_SECONDS if seconds else None
        self.connection.patience = deadlines.ANSWER_SECONDS if seconds else float("inf")
