"""What makes the application's role unfit, and who says so before it serves anyone."""

import pytest
from celery.bin.celery import celery
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from devtools.stack import postgres
from tests.support.gunicorn_settings import gunicorn_settings
from walkandtalk.lib.database import roles
from walkandtalk.lib.database.append_only import logs

LOG = "bookings_readlog"
USER = postgres.USER


@pytest.fixture
def as_superuser(settings):
    """Let `as_owner` connect as a superuser, who may become the application's role."""
    settings.DATABASE_OWNER = {"USER": postgres.SUPERUSER}


def faults_after(statement):
    """Return the faults of the application's role after this statement, which is undone."""
    with roles.as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute(f"SET LOCAL ROLE {USER}")
        found = roles.faults()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (f"ALTER ROLE {USER} SUPERUSER", "must not have the attribute SUPERUSER"),
        (f"ALTER ROLE {USER} CREATEROLE", "must not have the attribute CREATEROLE"),
        (f"ALTER ROLE {USER} CREATEDB", "must not have the attribute CREATEDB"),
        (f"ALTER ROLE {USER} BYPASSRLS", "must not have the attribute BYPASSRLS"),
        (f"ALTER ROLE {USER} REPLICATION", "must not have the attribute REPLICATION"),
        (f"GRANT {postgres.OWNER} TO {USER}", f"must not be a member of {postgres.OWNER}"),
        (f"GRANT pg_write_all_data TO {USER}", "must not be a member of pg_write_all_data"),
        (f"GRANT CREATE ON SCHEMA public TO {USER}", "must not create objects in the database or its schema"),
        (f"GRANT SET ON PARAMETER session_replication_role TO {USER}", "must not set session_replication_role"),
        (f"ALTER TABLE {LOG} OWNER TO {USER}", f"must not own {LOG}"),
        (f"GRANT UPDATE ON {LOG} TO PUBLIC", f"must not UPDATE {LOG}"),
        (f"GRANT UPDATE (at) ON {LOG} TO {USER}", f"must not UPDATE {LOG}"),
        (f"GRANT DELETE ON {LOG} TO {USER}", f"must not DELETE {LOG}"),
        (f"GRANT TRUNCATE ON {LOG} TO {USER}", f"must not TRUNCATE {LOG}"),
        (f"GRANT TRIGGER ON {LOG} TO {USER}", f"must not TRIGGER {LOG}"),
    ],
)
def test_faults_name_what_the_application_must_not_have(statement, fault, as_superuser):
    assert f"{USER} {fault}" in faults_after(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("log", logs(), ids=lambda log: log.table)
def test_faults_name_a_log_without_its_triggers(log, as_superuser):
    assert faults_after(f"ALTER TABLE {log.table} DISABLE TRIGGER USER") == [
        f"{log.table} must have the triggers that keep its rows"
    ]


@pytest.mark.django_db
def test_application_has_no_faults():
    assert roles.faults() == []


@pytest.mark.django_db(transaction=True)
def test_prepare_database_repairs_privileges_and_can_run_again(as_superuser):
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE, DELETE ON {LOG} TO {USER}; GRANT TEMPORARY ON DATABASE {name()} TO PUBLIC")

    call_command("prepare_database", verbosity=0)

    assert roles.faults() == []


@pytest.mark.django_db(transaction=True)
def test_statement_that_makes_the_role_holds_no_password(as_superuser):
    with roles.as_owner(), transaction.atomic(), CaptureQueriesContext(connection) as sent:
        roles.create_application_role("walkandtalk_new", "pa55word")
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'walkandtalk_new'")
            (stored,) = cursor.fetchone()
        transaction.set_rollback(True)

    made = [query["sql"] for query in sent if "CREATE ROLE" in query["sql"]]
    assert stored.startswith("SCRAM-SHA-256$")
    assert made == [f"""CREATE ROLE "walkandtalk_new" LOGIN PASSWORD '{stored}'"""]


def name():
    return connection.ops.quote_name(connection.settings_dict["NAME"])


@pytest.fixture
def table_of_its_own(as_superuser):
    """A fault of this database alone: other tests use the same roles at the same time."""
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE mine (); ALTER TABLE mine OWNER TO {USER}")
    yield
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE mine")


@pytest.mark.django_db(transaction=True)
def test_prepare_database_refuses_a_role_that_can_change_a_log(table_of_its_own):
    with pytest.raises(CommandError, match=f"{USER} must not own mine"):
        call_command("prepare_database", verbosity=0)


def start_web():
    """Do what gunicorn does when it has loaded the application."""
    gunicorn_settings()["when_ready"](None)


def start_worker():
    run_celery("worker", "--pool=solo")


def start_beat():
    run_celery("beat", "--pidfile=", "--schedule=/dev/null")


def start_loop():
    call_command("run_outbox", "--once")


def run_celery(*words):
    """Do what the command `celery` does in a process of its own, where no application has started anything yet."""
    celery.main(["--app=walkandtalk.celery:app", *words], standalone_mode=False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("start", [start_web, start_worker, start_beat, start_loop])
def test_process_refuses_to_start_with_a_role_that_can_change_a_log(start, table_of_its_own):
    with pytest.raises(ImproperlyConfigured, match=f"{USER} must not own mine"):
        start()


@pytest.mark.django_db(transaction=True)
def test_web_server_starts_while_the_database_is_down(monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nobody-there")

    roles.require_application_role()


@pytest.mark.parametrize(
    ("owner", "sentence"),
    [(None, "Set DATABASE_OWNER_URL"), ({"USER": USER}, "must have different roles")],
)
def test_prepare_database_needs_an_owner_of_its_own(owner, sentence, settings):
    settings.DATABASE_OWNER = owner

    with pytest.raises(CommandError, match=sentence):
        call_command("prepare_database")
