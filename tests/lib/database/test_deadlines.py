"""Time-outs of the server, and our own for a server that stopped answering (docs/decisions/time-outs.md)."""

import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.utils import load_backend

from walkandtalk.lib.database import deadlines, roles
from walkandtalk.lib.database.deadlines import Unanswered

pytestmark = pytest.mark.django_db

outage = deadlines.Connection.outage
TIME_OUTS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


@pytest.fixture
def silent_server(monkeypatch):
    """The port of a server that accepts connections and never says anything."""
    monkeypatch.setattr(deadlines.Connection, "seconds", 0.3)
    monkeypatch.setattr(deadlines, "CHECK_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
    outage._retry_at = None


def connect_to(port):
    settings_dict = connection.settings_dict | {"HOST": "127.0.0.1", "PORT": str(port)}
    load_backend(settings_dict["ENGINE"]).DatabaseWrapper(settings_dict).ensure_connection()


def test_silent_server_is_given_up_and_then_left_alone_for_a_second(silent_server):
    with pytest.raises(OperationalError) as error:
        connect_to(silent_server)
    assert isinstance(error.value.__cause__, Unanswered)

    began = time.monotonic()
    with pytest.raises(OperationalError, match="We try again every second"):
        connect_to(silent_server)
    assert time.monotonic() - began < deadlines.Connection.seconds


def test_first_answer_ends_the_outage(silent_server, monkeypatch):
    with pytest.raises(OperationalError):
        connect_to(silent_server)
    assert outage.is_on

    monkeypatch.setattr(deadlines, "RETRY_SECONDS", 0)
    outage.begin()
    connect_again()
    assert not outage.is_on


def connect_again():
    another = load_backend(connection.settings_dict["ENGINE"]).DatabaseWrapper(connection.settings_dict)
    another.ensure_connection()
    another.close()


@pytest.mark.django_db(transaction=True)
def test_old_connection_that_is_silent_is_replaced_and_starts_no_outage(monkeypatch):
    monkeypatch.setattr(deadlines, "OLD_CONNECTION_SECONDS", 0.2)
    monkeypatch.setattr(deadlines, "CHECK_SECONDS", 0.05)
    connection.ensure_connection()
    monkeypatch.setattr(connection, "_ask", lambda: connection.connection.cursor().execute("SELECT pg_sleep(0.8)"))

    assert not connection.is_usable()
    assert not outage.is_on
    time.sleep(0.8)  # so that the server has ended it before the next test removes the database


def test_refusal_is_an_answer(silent_server, monkeypatch):
    monkeypatch.setattr(deadlines, "RETRY_SECONDS", 0)
    outage.begin()
    with pytest.raises(OperationalError, match="refused"):
        connect_to(1)

    assert not outage.is_on


def time_outs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting::int / 1000 FROM pg_settings WHERE name = ANY(%s)", [list(TIME_OUTS)])
        return dict(cursor.fetchall())


def test_statements_of_jobs_may_take_a_minute():
    assert deadlines.Limits().statement == 60
    assert deadlines.session_options(60) == (
        "-c statement_timeout=60s -c lock_timeout=36000ms -c idle_in_transaction_session_timeout=120s"
    )


def test_server_has_the_same_limit_as_we_do():
    found = time_outs()  # first, because it connects

    assert connection.connection.seconds == found["statement_timeout"] + deadlines.GRACE_SECONDS
    assert found["lock_timeout"] == found["statement_timeout"] * 6 // 10


@pytest.mark.django_db(transaction=True)
def test_statements_of_the_owner_may_take_any_time():
    with roles.as_owner():
        assert time_outs() == dict.fromkeys(TIME_OUTS, 0)
        assert connection.connection.seconds is None


def test_statements_of_pages_may_take_five_seconds():
    code = "from walkandtalk import wsgi; from walkandtalk.lib.database import deadlines; print(deadlines.limits)"
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )

    assert process.stdout == "Limits(statement=5)\n"
