"""Migrations while people use the service, on real locks: the next release adds a column and an index to walks."""

import re
import threading
import time
from contextlib import contextmanager
from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from devtools.stack import postgres
from tests.support.lock_waits import is_session_blocked
from tests.support.wait_until import wait_until
from walkandtalk.lib.database import live_changes, roles
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def next_release(settings):
    """The next release is about to be deployed. Afterwards its column, its index and its record are removed."""
    settings.DATABASE_OWNER = {"USER": postgres.SUPERUSER}
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.support.next_release"]
    yield
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE walks_walk DROP COLUMN IF EXISTS next_release")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'next_release'")


@contextmanager
def session(*statements):
    """Another connection, in a transaction that stays open."""
    database = connection.settings_dict
    other = psycopg2.connect(host=database["HOST"], dbname=database["NAME"], user=postgres.SUPERUSER)
    try:
        with other.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            yield cursor
    finally:
        other.close()


def reader():
    """Someone reads walks, and goes on reading."""
    return session("SELECT count(*) FROM walks_walk")


def prepare(**options):
    output = StringIO()
    call_command("prepare_database", verbosity=0, stdout=output, **{"tries": 1, "pause": 0.1} | options)
    return output.getvalue()


def applied():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM django_migrations WHERE app = 'next_release' ORDER BY name")
        return [name for (name,) in cursor.fetchall()]


class InBackground:
    """Run prepare_database in a thread with a connection of its own, as another machine would."""

    def __init__(self, **options):
        self.options, self.output, self.error = options, "", None
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        try:
            self.output = prepare(**self.options)
        except CommandError as error:
            self.error = error
        finally:
            connection.close()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc_info):
        self.thread.join(60)
        assert not self.thread.is_alive()


def test_migration_gives_way_to_a_long_reader_and_nobody_else_waits_long(next_release):
    began = time.monotonic()
    with reader(), InBackground() as deployment:
        wait_until(is_session_blocked)
        Walk.objects.count()  # queues behind the migration
        waited = time.monotonic() - began

    assert waited < live_changes.LOCK_SECONDS + 1.5
    assert re.match(r"A table was in use for too long.* Run this command again", str(deployment.error))
    assert applied() == []


def test_migration_succeeds_on_a_later_try(next_release):
    with reader() as cursor, InBackground(tries=9) as deployment:
        wait_until(is_session_blocked)
        wait_until(lambda: not is_session_blocked())
        cursor.connection.rollback()

    assert deployment.error is None
    assert "gave way after 2 seconds. Trying again" in deployment.output
    assert applied() == ["0001_column", "0002_index"]


def test_concurrent_index_waits_for_as_long_as_it_takes_and_holds_up_nobody(next_release):
    snapshot = ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM outbox_heartbeat"]
    with session(*snapshot) as cursor, InBackground() as deployment:
        wait_until(lambda: applied() == ["0001_column"])
        wait_until(is_session_blocked)
        time.sleep(live_changes.LOCK_SECONDS + 0.5)
        Walk.objects.count()
        still_building = is_session_blocked()
        cursor.connection.rollback()

    assert still_building
    assert deployment.error is None
    assert applied() == ["0001_column", "0002_index"]


def test_index_that_was_interrupted_is_named_with_what_to_do(next_release):
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE walks_walk ADD COLUMN next_release text")
        cursor.execute("CREATE INDEX next_release_index ON walks_walk (next_release)")
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'next_release_index'::regclass")

    with pytest.raises(CommandError, match=r'DROP INDEX CONCURRENTLY "next_release_index". Then run this'):
        prepare()


def test_two_deployments_take_turns(next_release):
    with session(f"SELECT pg_advisory_lock({live_changes.ONE_AT_A_TIME})") as first, InBackground() as deployment:
        time.sleep(1.5)
        meanwhile = applied()
        first.connection.close()

    assert meanwhile == []
    assert deployment.error is None
    assert "Another prepare_database is running" in deployment.output
    assert applied() == ["0001_column", "0002_index"]


def test_owner_may_take_as_long_as_a_migration_needs(next_release):
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '1s'")
        with live_changes.short_locks():
            cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
            assert cursor.fetchone() == ("0", "2s")
