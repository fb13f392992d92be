"""Attempts to change or hide a line of a log, as the application's role and as the owner of the tables.

Someone who can run SQL as the application (through a fault of ours, or with its password) must not be able to remove
what the logs say. docs/decisions/two-database-roles.md
"""

import datetime
import io
from contextlib import contextmanager

import pytest
import time_machine
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from psycopg2 import extensions
from psycopg2.errors import InsufficientPrivilege, RaiseException

from devtools.stack import postgres
from tests.support.log_lines import LOGS, add_line_to_every_log
from walkandtalk.lib.database import roles
from walkandtalk.lib.database.append_only import logs

TABLES = [log.table for log in logs()]
CHANGES = [
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE false",
    "UPDATE {table} SET {key} = {key}",
    "TRUNCATE {table} CASCADE",
    "WITH gone AS (DELETE FROM {table} RETURNING *) SELECT count(*) FROM gone",
    "MERGE INTO {table} AS t USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({key}) DO UPDATE SET {key} = EXCLUDED.{key}",
    "SELECT * FROM {table} FOR UPDATE",
    "SET pgtrigger.ignore = '{{{triggers}}}'; DELETE FROM {table}",
]
DEFINITIONS = [
    "DROP TABLE {table} CASCADE",
    "ALTER TABLE {table} RENAME TO hidden",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER {trigger}",
    "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "DROP TRIGGER {trigger} ON {table}",
    "DROP FUNCTION {trigger}() CASCADE",
    "CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "CREATE TRIGGER swallow BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()",
    "CREATE RULE swallow AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE POLICY swallow ON {table} FOR INSERT WITH CHECK (false)",
    "CREATE TEMPORARY TABLE {table} ()",  # it would come before the real one, and take the next lines
]
POWERS = [
    f"SET ROLE {postgres.OWNER}",
    f"SET ROLE {postgres.SUPERUSER}",
    f"SET SESSION AUTHORIZATION {postgres.OWNER}",
    f"GRANT {postgres.OWNER} TO {postgres.USER}",
    f"ALTER ROLE {postgres.USER} SUPERUSER",
    "CREATE ROLE someone",
    "SET session_replication_role = replica",
    f"ALTER ROLE {postgres.USER} SET session_replication_role = replica",
    "CREATE SCHEMA elsewhere",
    "CREATE TABLE public.elsewhere ()",
    "CREATE FUNCTION public.elsewhere() RETURNS void LANGUAGE sql AS ''",
    "CREATE OR REPLACE FUNCTION public.history_kept_since() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
    "ALTER FUNCTION public.delete_old_history() SECURITY INVOKER",
    "COPY django_session FROM PROGRAM 'true'",
    "DELETE FROM django_migrations",
]


@pytest.fixture
def lines(southwark, inspector, officer):
    add_line_to_every_log(southwark, inspector, officer)
    assert all(model.objects.exists() for model in LOGS)


def fill(statement, log):
    triggers = triggers_of(log.table)
    words = {"table": log.table, "key": log.key, "trigger": triggers[0], "triggers": ",".join(triggers)}
    return statement.format(**words)


def triggers_of(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND NOT tgisinternal ORDER BY 1", [table]
        )
        return [name for (name,) in cursor.fetchall()]


def error_of(statement):
    """Run the statement, undo it, and return PostgreSQL's own error."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return type(error.__cause__)
    return None


@pytest.mark.django_db
@pytest.mark.parametrize("statement", CHANGES + DEFINITIONS)
def test_application_cannot_change_a_log(statement, lines):
    errors = {log.table: error_of(fill(statement, log)) for log in logs()}

    assert errors == dict.fromkeys(TABLES, InsufficientPrivilege)


@contextmanager
def without_deadlines():
    """Let psycopg2 wait by itself, as in the attacker's own program: with our deadlines it knows no COPY."""
    callback = extensions.get_wait_callback()
    extensions.set_wait_callback(None)
    try:
        yield
    finally:
        extensions.set_wait_callback(callback)


@pytest.mark.django_db
@pytest.mark.parametrize("log", logs(), ids=lambda log: log.table)
def test_application_cannot_delete_with_copy(log, lines):
    with connection.cursor() as cursor, without_deadlines(), pytest.raises(InsufficientPrivilege):
        cursor.copy_expert(f"COPY (DELETE FROM {log.table} RETURNING *) TO STDOUT", io.StringIO())


@pytest.mark.django_db
@pytest.mark.parametrize("statement", POWERS)
def test_application_cannot_take_more_power(statement):
    assert error_of(statement) is InsufficientPrivilege


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {table}",
        "UPDATE {table} SET {key} = {key}",
        "UPDATE {table} SET {key} = {key} WHERE false",
        "TRUNCATE {table} CASCADE",
        "SET pgtrigger.ignore = '{{{triggers}}}'; DELETE FROM {table}",
        "SET pgtrigger.ignore = '{{{triggers}}}'; UPDATE {table} SET {key} = {key}",
        "SET pgtrigger.ignore = '{{{triggers}}}'; TRUNCATE {table} CASCADE",
    ],
)
def test_owner_is_held_back_by_the_triggers(statement, lines):
    with roles.as_owner():
        errors = {log.table: error_of(fill(statement, log)) for log in logs()}

    assert errors == dict.fromkeys(TABLES, RaiseException)


@pytest.mark.django_db
def test_application_adds_and_reads_lines(lines):
    assert sorted(model._meta.db_table for model in LOGS) == TABLES
    assert connection.settings_dict["USER"] == settings.DATABASES["default"]["USER"] != settings.DATABASE_OWNER["USER"]


@pytest.mark.django_db
def test_retention_function_deletes_no_line_that_must_be_kept(southwark, inspector, officer):
    with time_machine.travel(timezone.now() - datetime.timedelta(days=1), tick=False):
        add_line_to_every_log(southwark, inspector, officer)
    before = {model: list(model.objects.values_list("pk")) for model in LOGS}

    roles.delete_old_history()

    assert {model: list(model.objects.values_list("pk")) for model in LOGS} == before


@pytest.mark.django_db
def test_retention_function_deletes_the_lines_of_every_log_once_the_period_is_over(southwark, inspector, officer):
    seven_years_ago = timezone.now() - datetime.timedelta(days=7 * 365 + 2)
    with time_machine.travel(seven_years_ago, tick=False):
        add_line_to_every_log(southwark, inspector, officer)
    add_line_to_every_log(southwark, inspector, officer)
    before = {model: model.objects.count() for model in LOGS}

    roles.delete_old_history()

    assert {model: model.objects.count() for model in LOGS} == {model: count / 2 for model, count in before.items()}
