"""Django's PostgreSQL, with a deadline for every wait (walkandtalk.lib.database.deadlines)."""

from typing import Any

import psycopg2
from django.db.backends.postgresql import base
from psycopg2 import extensions

from walkandtalk.lib.database.deadlines import (
    ANSWER_SECONDS,
    CHECK_SECONDS,
    GRACE_SECONDS,
    Connection,
    ReplicaConnection,
    wait,
)
from walkandtalk.lib.database.replica import REPLICA

extensions.set_wait_callback(wait)


class DatabaseWrapper(base.DatabaseWrapper):
    """`STATEMENT_SECONDS` in the settings of the database is its longest statement. None or 0 means any time."""

    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"connection_factory": self._factory}

    @property
    def _factory(self) -> type[Connection]:
        return ReplicaConnection if self.alias == REPLICA else Connection

    def connect(self) -> None:
        with self._factory.outage.attempt():
            super().connect()
        self._expect_statements()

    def is_usable(self) -> bool:
        """Ask before the first query of a request. A server that has stopped answering gets no long wait."""
        if self.connection is None:
            return False
        self.connection.seconds, self.connection.patience = ANSWER_SECONDS, CHECK_SECONDS
        try:
            with self._factory.outage.attempt():
                self._ask()
        except psycopg2.Error:
            return False
        self._expect_statements()
        return True

    def _ask(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    def _expect_statements(self) -> None:
        seconds = self.settings_dict.get("STATEMENT_SECONDS")
        self.connection.seconds = seconds + GRACE_SECONDS if seconds else None
        self.connection.patience = ANSWER_SECONDS if seconds else float("inf")
