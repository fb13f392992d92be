"""A streaming standby of a test's PostgreSQL, made with pg_basebackup."""

import shutil
import signal
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg2

from devtools.stack import children, postgres


class Standby:
    """`production` is tests.support.production.Production, which ends the standby with its other processes."""

    def __init__(self, production):
        self.production = production
        self.sockets = production.folder / "standby-sockets"
        self.data = production.cluster.data.with_name("standby")
        self.account = production.cluster.account
        self.sockets.mkdir()
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        if self.account is not None:
            for folder in (self.sockets, self.data):
                shutil.chown(folder, self.account.uid, self.account.gid)

    def start(self):
        source = ["-h", self.production.sockets, "-U", postgres.SUPERUSER]
        backup = [self.production.cluster.bin / "pg_basebackup", *source, "-D", self.data, "-R", "-c", "fast"]
        process = children.start(
            backup, on_parent_death=signal.SIGKILL, account=self.account, cwd=Path("/"), output=subprocess.PIPE
        )
        output, _ = process.communicate()
        assert process.returncode == 0, output.decode()
        command = [
            *(self.production.cluster.bin / "postgres", "-D", self.data, "-k", self.sockets),
            *("-c", "listen_addresses=", "-c", "fsync=off"),
        ]
        self.production.start("standby", command, account=self.account, cwd=Path("/"))
        self.production.wait(self._is_streaming)

    def stop(self):
        self.production.kill("standby", signal.SIGQUIT)

    def url(self):
        return f"postgres://{postgres.USER}@/{postgres.NAME}?host={self.sockets}"

    def catch_up(self):
        """Wait until everything that has been committed can be read here."""
        written = self._value(self.production.sockets, "SELECT pg_current_wal_lsn()")
        self.production.wait(
            lambda: self._value(self.sockets, f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn")
        )

    def pause(self):
        """Fall behind from now on."""
        self._value(self.sockets, "SELECT pg_wal_replay_pause()")
        self.production.wait(lambda: self._value(self.sockets, "SELECT pg_get_wal_replay_pause_state()") == "paused")

    def _is_streaming(self):
        try:
            return self._value(self.sockets, "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'")
        except psycopg2.OperationalError:
            return False

    def _value(self, sockets, query):
        with closing(psycopg2.connect(host=str(sockets), user=postgres.SUPERUSER, dbname=postgres.NAME)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(query)
                return cursor.fetchone()[0]
