import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest

from devtools.stack import services
from tests.support.stack import LONGEST_START, Stack, free_port

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def used_folder():
    """A stack that these tests share. Each starts it again after another stopped or killed it."""
    stack = Stack()
    assert " " in str(stack.folder)
    yield stack
    stack.remove()


@pytest.fixture
def stack(used_folder):
    yield used_folder
    used_folder.kill()


@pytest.fixture
def new_stack():
    stack = Stack(from_nothing=True)
    yield stack
    stack.remove()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_supervisor_leaves_nothing_behind_when_stopped_while_starting(stack, number):
    sockets = start_services(stack)

    stack.process.send_signal(number)

    assert stack.process.wait(60) == 0
    assert stack.processes() == []
    assert not sockets.exists()
    assert services.read(stack.var) is None


def test_supervisor_leaves_nothing_behind_when_killed(stack):
    start_services(stack)

    stack.process.kill()

    stack.process.wait(60)
    psutil.wait_procs(stack.processes(), timeout=60)
    assert stack.processes() == []


def test_supervisor_leaves_nothing_behind_when_its_inner_process_is_killed(stack):
    sockets = start_services(stack)
    (inner,) = psutil.Process(stack.process.pid).children()

    inner.kill()

    assert stack.process.wait(60) == 1
    assert stack.processes() == []
    assert not sockets.exists()


def test_supervisor_starts_from_nothing_although_interrupted_and_restarts(new_stack):
    stack = new_stack
    kill_once(stack, lambda: list(stack.var.glob("postgres*/PG_VERSION")))  # initdb has begun
    interrupt_once(stack, lambda: "Preparing the database" in stack.output.read_text())
    interrupt_once(stack, lambda: any((stack.var / "static").glob("*")))
    stack.start()
    with urllib.request.urlopen(stack.url, timeout=30) as home:
        stylesheet = re.search(r'href="(/static/[^"]+\.css)"', home.read().decode())[1]
    assert stack.status(stylesheet) == 200
    assert stack.status() == 200
    assert stack.manage("locate", "SE15 4QL").startswith("{")
    query_value(
        stack, "UPDATE boroughs_officer SET name = 'Still Here' WHERE email = 'lead@example.com' RETURNING name"
    )
    killed = stack.running("beat").pid
    os.kill(killed, signal.SIGKILL)
    stack.wait(lambda: stack.running("beat") and stack.running("beat").pid != killed)
    assert "beat ended (SIGKILL). Restarting it" in stack.output.read_text()
    everything = stack.processes()
    stack.stop()
    assert [process for process in everything if process.is_running()] == []
    assert stack.processes() == []

    stack.start()

    assert stack.status() == 200
    assert query_value(stack, "SELECT name FROM boroughs_officer WHERE email = 'lead@example.com'") == "Still Here"
    stack.process.kill()
    stack.process.wait(60)
    psutil.wait_procs(stack.processes(), timeout=60)
    assert stack.processes() == []


def test_supervisor_refuses_a_port_in_use(stack):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", stack.port))
        taken.listen()

        stack.launch()

        assert stack.process.wait(60) == 1
    assert f"Port {stack.port} cannot be used: Address already in use." in stack.output.read_text()
    assert "make run PORT=" in stack.output.read_text()


def test_supervisor_refuses_a_folder_in_use(stack):
    start_services(stack)
    command = [sys.executable, "-m", "devtools.stack", f"--port={free_port()}"]

    second = subprocess.run(
        command, capture_output=True, text=True, env=stack.environment(), cwd=services.BASE_DIR, check=False
    )

    assert second.returncode == 1
    assert f"already running for the folder {stack.var} (process {stack.process.pid})" in second.stderr
    assert stack.process.poll() is None
    stack.stop()


@pytest.mark.parametrize("port", ["0", "65536", "http", ""])
def test_supervisor_refuses_an_invalid_port(port):
    command = [sys.executable, "-m", "devtools.stack", "--port", port]

    process = subprocess.run(command, capture_output=True, text=True, cwd=services.BASE_DIR, check=False)

    assert process.returncode == 2
    assert "is not a port" in process.stderr


@pytest.mark.parametrize("variables", [{"DATABASE_URL": "postgres://elsewhere/db"}, {"WALKANDTALK_ENV": "production"}])
def test_supervisor_refuses_production_variables(variables, stack):
    env = stack.environment() | variables

    process = subprocess.run(
        [sys.executable, "-m", "devtools.stack"],
        capture_output=True,
        text=True,
        env=env,
        cwd=services.BASE_DIR,
        check=False,
    )

    assert process.returncode == 1
    assert process.stderr.startswith(f"Unset {next(iter(variables))}: ")


@pytest.mark.parametrize("taken", ["var", "var/beneath"])
def test_supervisor_says_that_it_cannot_write(taken, tmp_path):
    """A file is in the place of the folder. This stops root as well, whom no permission stops."""
    (tmp_path / "var").write_text("")
    command = [sys.executable, "-m", "devtools.stack", f"--port={free_port()}"]
    environment = os.environ | {"WALKANDTALK_VAR": str(tmp_path / taken)}

    process = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=services.BASE_DIR, check=False
    )

    assert process.returncode == 1
    sentence, advice = process.stderr.splitlines()
    assert sentence.startswith(
        f"Walk and Talk keeps its database and mail in {tmp_path / taken}, and can’t write there: "
    )
    assert "make run WALKANDTALK_VAR=" in advice


def interrupt_once(stack, condition):
    """Press Ctrl-C as soon as the condition is true."""
    stack.launch()
    stack.wait(condition, LONGEST_START)
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(LONGEST_START) == 0


def kill_once(stack, condition):
    """End everything at once, as when the power fails."""
    stack.launch()
    stack.wait(condition, LONGEST_START)
    stack.kill()


def query_value(stack, query):
    """Return one value from the stack's database, without the slow imports of a management command."""
    running = services.read(stack.var)
    connection = psycopg2.connect(
        host=running.postgres_socket, user=running.postgres_user, dbname=running.postgres_name
    )
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(query)
        (value,) = cursor.fetchone()
    return value


def start_services(stack):
    """Launch the stack, and wait only until PostgreSQL and the sink run. Return PostgreSQL's socket folder."""
    stack.launch()
    running = stack.wait(lambda: services.read(stack.var))
    assert stack.running("postgres")
    assert stack.running("sink")
    return Path(running.postgres_socket)


@pytest.mark.skipif(os.geteuid() != 0, reason="PostgreSQL runs as another user only when root starts it.")
def test_supervisor_runs_as_root_in_a_folder_closed_to_others(new_stack):
    new_stack.folder.chmod(0o700)

    start_services(new_stack)

    new_stack.stop()
    (elsewhere,) = re.findall(r"Its data is in (/var/lib/walkandtalk/data-\w+)\.", new_stack.output.read_text())
    assert Path(elsewhere, "PG_VERSION").exists()
    shutil.rmtree(elsewhere)
