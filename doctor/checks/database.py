"""The database: whether it answers, and whether it is the one that this release needs."""

import datetime
import zoneinfo

from django.conf import settings
from django.core import checks
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from doctor.examination import examination
from walkandtalk.lib.database import roles
from walkandtalk.lib.database.restores import was_restored

LEAST_POSTGRES = 15
ZONE = "Europe/London"
DISCREET_LOG = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}
MOST_DIFFERENCE = datetime.timedelta(seconds=5)


@examination("The database answers")
def find_database() -> list[checks.CheckMessage]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        hint = "See that PostgreSQL runs, and that DATABASE_URL has the right host, role, password and name."
        return [checks.Error("The database doesn’t answer.", hint=hint, id="doctor.E001")]
    return []


@examination(f"PostgreSQL is version {LEAST_POSTGRES} or later", needs_database=True)
def find_old_postgres() -> list[checks.CheckMessage]:
    version = connection.get_database_version()[0]
    if version >= LEAST_POSTGRES:
        return []
    hint = f"Upgrade to version {LEAST_POSTGRES} or later."
    return [checks.Error(f"PostgreSQL is version {version}.", hint=hint, id="doctor.E002")]


@examination("Every migration has run", needs_database=True)
def find_missing_migrations() -> list[checks.CheckMessage]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return []
    hint = "Run manage.py prepare_database."
    return [checks.Error(f"Migrations that have not run yet: {len(plan)}.", hint=hint, id="doctor.E003")]


@examination("The database was not restored, or someone has dealt with it", needs_database=True)
def find_restored() -> list[checks.CheckMessage]:
    if not was_restored():
        return []
    hint = "Run manage.py restored, before you start anything. docs/backup.md"
    return [checks.Error("The database was restored, or another server has taken over.", hint=hint, id="doctor.E006")]


@examination("The application’s role can’t change a log", needs_database=True)
def find_faults_of_role() -> list[checks.CheckMessage]:
    hint = "Run manage.py prepare_database. docs/operating.md#two-roles"
    return [checks.Error(f"{fault}.", hint=hint, id="doctor.E004") for fault in roles.faults()]


@examination("PostgreSQL’s own log quotes nobody", needs_database=True)
def find_quoting_log() -> list[checks.CheckMessage]:
    if settings.DEVELOPMENT:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(DISCREET_LOG)])
        found = dict(cursor.fetchall())
    wrong = [name for name, value in DISCREET_LOG.items() if found[name] != value]
    if not wrong:
        return []
    message = f"PostgreSQL’s own log quotes what people typed, and sessions: {', '.join(wrong)}."
    hint = "Install deploy/postgresql/log.conf. docs/monitoring.md#what-no-line-contains"
    return [checks.Warning(message, hint=hint, id="doctor.W102")]


@examination("Clocks and time zones agree", needs_database=True)
def find_wrong_clock() -> list[checks.CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp(), (clock_timestamp() AT TIME ZONE %s)", [ZONE])
        now, in_london = cursor.fetchone()
    found: list[checks.CheckMessage] = []
    if abs(now - timezone.now()) > MOST_DIFFERENCE:
        hint = "Let both machines take the time from the network."
        found.append(checks.Warning("The clocks of this machine and the database differ.", hint=hint, id="doctor.W101"))
    if abs(now.astimezone(zoneinfo.ZoneInfo(ZONE)).replace(tzinfo=None) - in_london) > MOST_DIFFERENCE:
        hint = "Update the time zone data (tzdata) of this machine and of the database."
        found.append(
            checks.Error("This machine and the database differ about London’s time.", hint=hint, id="doctor.E005")
        )
    return found
