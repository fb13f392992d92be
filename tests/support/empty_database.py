"""A pytest plugin that empties the database after each test that committed, sooner than Django's `flush` does it.

`flush` gives every table new files and looks up every permission. A test leaves few rows in few tables, and content
types and permissions are the same for all tests.
"""

import pytest
from django.db import connection, transaction

# The tables whose file is empty never had a row.
DELETE_ALL = """
SELECT string_agg(format('DELETE FROM %I', relname), ';') FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND pg_relation_size(oid) > 0
AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
"""
# Only a superuser may. For all others PostgreSQL looks up each foreign key of each row.
NO_FOREIGN_KEYS = """
SELECT set_config('session_replication_role', 'replica', true) WHERE current_setting('is_superuser')::bool
"""


@pytest.fixture(scope="session", autouse=True)
def fast_flush():
    from django.test import TransactionTestCase

    TransactionTestCase._fixture_teardown = empty_database


def empty_database(_test_case):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(NO_FOREIGN_KEYS)
        cursor.execute(DELETE_ALL)
        cursor.execute(cursor.fetchone()[0] or "SELECT")
