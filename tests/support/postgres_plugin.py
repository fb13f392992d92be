"""A pytest plugin that starts PostgreSQL before Django is set up, and removes it afterwards.

Its database is migrated already, and each process copies it (tests/settings.py). With DATABASE_URL that server is used
instead, and each process migrates as the role of DATABASE_OWNER_URL, which must be a superuser here. There is no broker
and no mail server: tests that need them start the whole stack (tests/support/stack.py).
"""

import os
import shutil
import signal
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from devtools.stack import children, postgres, services
from tests.support.migrated_cluster import UNSAFE_AND_QUICK, unpack_migrated_cluster

CLOSED_PORT = 9  # the discard port
# On a few rows, planning the best order of many joins takes longer than running them in any order.
FAST_TEST_SETTINGS = {
    "join_collapse_limit": "1",
    "from_collapse_limit": "1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@pytest.hookimpl(wrapper=True, tryfirst=True)  # a wrapper runs before pytest-django, which reads the settings
def pytest_load_initial_conftests(early_config):
    if os.environ.get("PYTEST_XDIST_WORKER"):
        pass  # it has its own database in the server that the first process started
    elif os.environ.get("DATABASE_URL"):
        _use_given_server()
    else:
        _start_postgres(early_config)
    return (yield)


def _start_postgres(config):
    var = Path(tempfile.mkdtemp(prefix="walkandtalk-tests-"))
    var.chmod(0o711)  # PostgreSQL may run as another user
    config.add_cleanup(lambda: shutil.rmtree(var, ignore_errors=True))
    sockets = postgres.socket_folder()
    config.add_cleanup(lambda: shutil.rmtree(sockets, ignore_errors=True))
    cluster = postgres.Cluster(var / "postgres", sockets)
    unpack_migrated_cluster(cluster.data)
    cluster.create()
    with open(var / "postgres.log", "wb") as log:
        settings = UNSAFE_AND_QUICK | FAST_TEST_SETTINGS | {"max_connections": "200"}
        server = children.start(
            cluster.command(settings),
            on_parent_death=signal.SIGQUIT,
            account=cluster.account,
            cwd=Path("/"),
            output=log,
        )
    config.add_cleanup(lambda: _stop(server))
    _wait_until_ready(cluster, server, var / "postgres.log")
    _let_owner_create_databases(sockets)
    here = services.Services(
        postgres_socket=str(sockets),
        postgres_owner=postgres.OWNER,
        postgres_user=postgres.USER,
        postgres_name=postgres.NAME,
        redis_url=None,
        smtp_port=CLOSED_PORT,
    )
    services.write(var, here)
    os.environ["WALKANDTALK_VAR"] = str(var)
    os.environ["WALKANDTALK_ENV"] = "development"
    for name in ("REDIS_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)


def _wait_until_ready(cluster, server, log):
    deadline = time.monotonic() + 30
    while not cluster.ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise pytest.UsageError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def _let_owner_create_databases(sockets):
    """Each process of a test run copies the database."""
    connection = psycopg2.connect(host=str(sockets), user=postgres.SUPERUSER, dbname="postgres")
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {postgres.OWNER} CREATEDB")


def _stop(server):
    server.send_signal(signal.SIGINT)
    server.wait(timeout=30)


def _use_given_server():
    """Use production settings, which alone accept a given server. Their other variables don't matter to the tests."""
    secrets = services.secrets(Path(tempfile.mkdtemp(prefix="walkandtalk-tests-")))
    others = {
        "WALKANDTALK_ENV": "production",
        "REDIS_URL": f"redis://127.0.0.1:{CLOSED_PORT}/0",
        "EMAIL_URL": f"smtp://127.0.0.1:{CLOSED_PORT}",
        "PUBLIC_URL": "http://localhost:8000",
        "DISCREET_URL": "http://127.0.0.1:8000",
        "FROM_EMAIL": "Walk and Talk <hello@walkandtalk.example.com>",
        "DISCREET_FROM_EMAIL": "Appointments <hello@appointments.example.com>",
    }
    for name, value in (secrets | others).items():
        os.environ.setdefault(name, value)
