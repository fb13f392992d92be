"""Django's PostgreSQL, with a deadline for every wait (walkandtalk.lib.database.deadlines)."""

from typing import Any

import psycopg2
from django.db.backends.postgresql import base
from psycopg2 import extensions

from walkandtalk.lib.database import deadlines
from walkandtalk.lib.database.deadlines import outage

extensions.set_wait_callback(deadlines.wait)


class DatabaseWrapper(base.DatabaseWrapper):
    """`TIME_OUTS` in the settings of a database is False if its statements may take any time."""

    @property
    def statement_seconds(self) -> int | None:
        return deadlines.limits.statement if self.settings_dict.get("TIME_OUTS", True) else None

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params() | {"connection_factory": deadlines.Connection}
        if self.statement_seconds:
            params["options"] = f"{deadlines.session_options(self.statement_seconds)} {params.get('options', '')}"
        return params

    def connect(self) -> None:
        with outage.attempt():
            super().connect()
        self._expect_statements()

    def is_usable(self) -> bool:
        """Ask before the first query of a request. A server that has stopped answering gets no long wait."""
        if self.connection is None:
            return False
        self.connection.seconds, self.connection.patience = deadlines.ANSWER_SECONDS, deadlines.CHECK_SECONDS
        try:
            with outage.attempt():
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
        self.connection.seconds = seconds + deadlines.GRACE_SECONDS if seconds else None
        self.connection.patience = deadlines.ANSWER_SECONDS if seconds else float("inf")
