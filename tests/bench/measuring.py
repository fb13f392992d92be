"""Queries and times of pages in a stack at rest, beside those with a hundredth of the rows."""

import time
from contextlib import closing

import psycopg2

from devtools.stack import services
from devtools.stack.postgres import SUPERUSER

WARM_UP_ROUNDS, ROUNDS = 3, 30
NO_QUERY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def quieten(stack):
    """Stop the jobs and autovacuum, which would otherwise work on what was filled in while pages are measured."""
    for name in ("beat", "worker", "loop"):
        stack.hold(name)
    run_as_superuser(stack, "ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()")


def run_as_superuser(stack, *statements, database=None):
    running = services.read(stack.var)
    name = database or running.postgres_name
    connection = psycopg2.connect(host=running.postgres_socket, user=SUPERUSER, dbname=name)
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def copy_database(stack, name):
    """Copy the database as it is now, to measure the copy by turns with what becomes of the original."""
    from django.db import connection

    connection.close()
    original = services.read(stack.var).postgres_name
    end_others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{original}'"
    run_as_superuser(stack, end_others, f"CREATE DATABASE {name} TEMPLATE {original}", database="postgres")
    here = "(SELECT oid FROM pg_database WHERE datname = current_database())"
    run_as_superuser(stack, f"UPDATE database_databasemark SET database_oid = {here}", database=name)


class Databases:
    """Several databases of one cluster, of which `use` makes one the default of this process."""

    def __init__(self, *names):
        from django.db import connections

        self.connections = {name: connections.create_connection("default") for name in names}
        for name, each in self.connections.items():
            each.settings_dict = {**each.settings_dict, "NAME": name}

    def use(self, name):
        from django.db import connections

        connections["default"] = self.connections[name]


def measure_by_turns(stack, send, databases, pages, *, rounds):
    """Return, by database, the queries and least seconds of each page. `pages` has the pages of each database.

    Each page is asked for at all sizes one after the other, so that whatever else the machine does touches all alike.
    """
    for name in pages:
        run_as_superuser(stack, "VACUUM ANALYZE", database=name)
    queries, durations = {name: {} for name in pages}, {name: {} for name in pages}
    for name, of_database in pages.items():
        databases.use(name)
        queries[name] = {page: count_queries(send, cookies, path) for page, (path, cookies) in of_database.items()}
    for number in range(WARM_UP_ROUNDS + rounds):
        for page in next(iter(pages.values())):
            for name in pages:
                databases.use(name)
                seconds = measure_seconds(send, pages[name][page][1], pages[name][page][0])
                if number >= WARM_UP_ROUNDS:
                    durations[name].setdefault(page, []).append(seconds)
    return {name: {page: (queries[name][page], min(all_)) for page, all_ in durations[name].items()} for name in pages}


def sign_in(officer):
    """Return the cookie of a session that has just begun: an older one would be idle after a long fill."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(officer)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def inspector():
    from boroughs.models.officers import Officer

    return Officer.objects.get(email="inspector.as@example.com")


def measure(stack, send, pages):
    """Return the queries and least seconds of each page, including PostgreSQL's time. Each page has an address and a
    cookie.

    The pages take turns, so that a moment in which the machine is busy touches all of them. The least counts, because
    the two sizes are measured minutes apart, and whatever else runs then only adds to it.
    """
    run_as_superuser(stack, "VACUUM ANALYZE", "CHECKPOINT")
    queries = {name: count_queries(send, cookies, path) for name, (path, cookies) in pages.items()}
    durations = {name: [] for name in pages}
    for number in range(WARM_UP_ROUNDS + ROUNDS):
        for name, (path, cookies) in pages.items():
            seconds = measure_seconds(send, cookies, path)
            if number >= WARM_UP_ROUNDS:
                durations[name].append(seconds)
    return {name: (queries[name], min(durations[name])) for name in pages}


def count_queries(send, cookies, path):
    """Count the queries of a page at its second request, when the session is saved."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    send("GET", path, cookies)
    with CaptureQueriesContext(connection) as queries:
        assert send("GET", path, cookies)[0] == 200, path
    return len([query for query in queries if not query["sql"].startswith(NO_QUERY)])


def measure_seconds(send, cookies, path):
    began = time.perf_counter()
    send("GET", path, cookies)
    return time.perf_counter() - began


def show(few, many, *, sizes):
    """Print a line for each page: queries and times at both sizes, and how many times the first the second takes."""
    longest = max(map(len, few)) + 2
    print(f"{'':>{longest}}{sizes[0]:>24}{sizes[1]:>24}{'times (at most 1.5)':>22}")
    for name, (queries, seconds) in few.items():
        more_queries, more_seconds = many[name]
        left, right = (
            f"{queries} queries {1000 * seconds:.0f} ms",
            f"{more_queries} queries {1000 * more_seconds:.0f} ms",
        )
        print(f"{name:>{longest}}{left:>24}{right:>24}{more_seconds / seconds:>22.2f}", flush=True)
