"""The two roles in PostgreSQL: the owner migrates, and the application only reads and writes rows.

docs/decisions/two-database-roles.md says why. `manage.py prepare_database` alone connects as the owner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, transaction
from psycopg2.extensions import encrypt_password

from walkandtalk.lib.database.append_only import KEPT_SINCE, Log, logs

DELETE_OLD_HISTORY = "public.delete_old_history()"
HISTORY_BATCH = 5000
"""Rows of each log that one call deletes: about a second, and far from the longest statement of a job."""

# Each line names one fault of the role that is connected, or of a table in its hands.
FAULTS = """
SELECT format('%%s must not have the attribute %%s', rolname, attribute)
FROM pg_roles, LATERAL (VALUES
    (rolsuper, 'SUPERUSER'), (rolcreaterole, 'CREATEROLE'), (rolcreatedb, 'CREATEDB'), (rolbypassrls, 'BYPASSRLS'),
    (rolreplication, 'REPLICATION')
) AS attributes (has_it, attribute) WHERE rolname = current_user AND has_it
UNION ALL
SELECT format('%%s must not be a member of %%s', current_user, rolname)
FROM pg_roles WHERE rolname <> current_user AND pg_has_role(current_user, oid, 'MEMBER')
UNION ALL
SELECT format('%%s must not create objects in the database or its schema', current_user)
WHERE has_database_privilege(current_database(), 'CREATE, TEMPORARY') OR has_schema_privilege('public', 'CREATE')
UNION ALL
SELECT format('%%s must not set session_replication_role', current_user)
WHERE has_parameter_privilege('session_replication_role', 'SET')
UNION ALL
SELECT format('%%s must not own %%s', current_user, relname)
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) = current_user
UNION ALL
SELECT format('%%s must not %%s %%s', current_user, privilege, relname)
FROM pg_class, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) AS privilege
WHERE relname = ANY(%(logs)s) AND relnamespace = 'public'::regnamespace
AND (has_table_privilege(pg_class.oid, privilege) OR CASE WHEN privilege IN ('UPDATE', 'REFERENCES')
    THEN has_any_column_privilege(pg_class.oid, privilege) ELSE false END)
UNION ALL
SELECT format('%%s must have the triggers that keep its rows', log)
FROM unnest(%(logs)s) AS log WHERE 2 > (
    SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
    AND tgrelid = to_regclass(format('public.%%I', log)) AND tgname ~ '^pgtrigger_no_(delete|change)_'
)
"""


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the owner of the tables inside this block, whose statements may take any time."""
    if not settings.DATABASE_OWNER:
        raise ImproperlyConfigured("Set DATABASE_OWNER_URL, the role that owns the tables.")
    application = connection.settings_dict
    connection.close()
    connection.settings_dict = _owner(application)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = application


def _owner(application: dict[str, Any]) -> dict[str, Any]:
    """Return how the owner connects: to the same database, without the time-outs of a session."""
    owner = application | (settings.DATABASE_OWNER or {}) | {"NAME": application["NAME"], "TIME_OUTS": False}
    options = {name: value for name, value in owner["OPTIONS"].items() if name != "options"}
    return owner | {"OPTIONS": options}


def create_application_role(name: str, password: str) -> None:
    """Make the application's role, unless it exists. The owner needs CREATEROLE for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {_quoted(name)} LOGIN PASSWORD %s", [_secret(name, password)])


def _secret(name: str, password: str) -> str | None:
    """Return what PostgreSQL stores for the password, because the server may write the statement into its log."""
    if not password:
        return None
    secret: str = encrypt_password(password, name, scope=connection.connection, algorithm="scram-sha-256")
    return secret


@transaction.atomic
def grant_privileges(application: str) -> None:
    """Give the application's role what it needs, and take away all else. The owner runs this after each migration."""
    role, database = _quoted(application), _quoted(connection.settings_dict["NAME"])
    read_only = ", ".join(["django_migrations", *(log.table for log in logs())])
    statements = [
        *_retention(role),
        f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",
        f"GRANT CONNECT ON DATABASE {database} TO {role}",
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {read_only} FROM PUBLIC, {role}",
        f"REVOKE INSERT ON django_migrations FROM PUBLIC, {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _retention(role: str) -> list[str]:
    """Return the only way to delete history: a function of the owner's, without a parameter, for rows past the limit.

    Its search_path ends with pg_temp, which would come first otherwise, so that nobody can put a table in the way.
    """
    years = int(settings.KEEP_HISTORY_YEARS)
    body = "\n".join(statement for log in logs() for statement in _deletions(log))
    return [
        f"CREATE OR REPLACE FUNCTION {KEPT_SINCE} RETURNS timestamptz LANGUAGE sql STABLE "
        "SET search_path = pg_catalog, pg_temp AS "
        f"$$ SELECT (now() AT TIME ZONE 'UTC' - interval '{years} years') AT TIME ZONE 'UTC' $$",
        f"DROP FUNCTION IF EXISTS {DELETE_OLD_HISTORY}",  # the type of its result can't be replaced
        f"CREATE FUNCTION {DELETE_OLD_HISTORY} RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER "
        "SET search_path = pg_catalog, public, pg_temp AS "
        f"$$ DECLARE deleted bigint := 0; number bigint; BEGIN {body} RETURN deleted; END $$",
        f"REVOKE EXECUTE ON FUNCTION {DELETE_OLD_HISTORY} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {DELETE_OLD_HISTORY} TO {role}",
    ]


def _deletions(log: Log) -> list[str]:
    """Return statements that delete a batch of the oldest rows of a log past the limit, with what hangs on them."""
    oldest = f"ORDER BY {log.at}, {log.key} LIMIT {HISTORY_BATCH}"
    old = f"SELECT {log.key} FROM public.{log.table} WHERE {log.at} <= {KEPT_SINCE} {oldest}"  # noqa: S608  # names of our own tables
    rows = [*log.dependants, (log.table, log.key)]
    deletions = [f"DELETE FROM public.{table} WHERE {column} IN ({old});" for table, column in rows]  # noqa: S608
    return [*deletions, "GET DIAGNOSTICS number = ROW_COUNT; deleted := deleted + number;"]


def delete_old_history() -> int:
    """Delete the oldest rows of every log whose retention period is over, by the clock of the database.

    Return how many rows of logs it deleted, at most HISTORY_BATCH of each. The caller repeats it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {DELETE_OLD_HISTORY}")
        return int(cursor.fetchone()[0])


def faults() -> list[str]:
    """Return why the role that is connected now could change or hide a log. Empty is good."""
    with connection.cursor() as cursor:
        cursor.execute(FAULTS, {"logs": [log.table for log in logs()]})
        return [fault for (fault,) in cursor.fetchall()]


def require_application_role() -> None:
    """Raise ImproperlyConfigured if the role that is connected could change or hide a log.

    A database that is down proves nothing, and must not keep the web server from starting.
    """
    try:
        found = faults()
    except OperationalError:
        return
    finally:
        connection.close()
    if found:
        raise ImproperlyConfigured(
            f"DATABASE_URL has a role that could change the logs. See docs/operating.md#two-roles.\n{'; '.join(found)}."
        )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
