"""A pytest plugin that empties the database after a test that committed, faster than Django's `flush`.

`flush` gives every table new files and looks up every permission. A test leaves only a few rows in a few tables, and
all tests use the same content types and permissions. The application's role may not empty the logs, and nobody may
while their triggers are on, so a superuser does it on a connection of its own.
"""

from functools import cache

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from devtools.stack import postgres

# A table whose file is empty never had a row.
DELETE_ALL = """
SELECT string_agg(format('DELETE FROM %I', relname), ';') FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND pg_relation_size(oid) > 0
AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission', 'database_databasemark')
"""
NO_TRIGGERS_AND_NO_FOREIGN_KEYS = "SET session_replication_role = 'replica'"


@pytest.fixture(scope="session", autouse=True)
def fast_flush():
    from django.test import TransactionTestCase

    TransactionTestCase._fixture_teardown = empty_database


def empty_database(_test_case):
    with superuser_connection(connection.settings_dict["NAME"]) as transaction, transaction.cursor() as cursor:
        cursor.execute(DELETE_ALL)
        cursor.execute(cursor.fetchone()[0] or "SELECT")


@cache
def superuser_connection(database):
    """Connect to the test database as a superuser: of our own server, or the owner of one that was given."""
    application = connection.settings_dict
    given = settings.DATABASE_OWNER if not settings.DEVELOPMENT else {"USER": postgres.SUPERUSER}
    connected = psycopg2.connect(
        host=application["HOST"],
        port=application["PORT"] or None,
        user=given["USER"],
        password=given.get("PASSWORD") or None,
        dbname=database,
    )
    with connected, connected.cursor() as cursor:
        cursor.execute(NO_TRIGGERS_AND_NO_FOREIGN_KEYS)
    return connected


def close_superuser_connection(database):
    superuser_connection(database).close()
    superuser_connection.cache_clear()
