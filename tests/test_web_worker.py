"""How web stops: it answers what has arrived, and refuses what comes later, so that the proxy asks another process."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.conf import settings

from devtools.stack import children
from tests.support.stack import free_port
from tests.support.wait_until import wait_until

ONE_PLACE = ["--workers=1", "--threads=1", "--worker-connections=1", "--keep-alive=0"]


@pytest.fixture
def web(tmp_path):
    """A gunicorn with our worker and place for one request, as the address and the process."""
    address = ("127.0.0.1", free_port())
    options = [
        f"--bind={address[0]}:{address[1]}",
        "--worker-class=walkandtalk.processes.web_worker.WebWorker",
        *ONE_PLACE,
    ]
    process = children.start(
        [sys.executable, "-m", "gunicorn", "tests.support.slow_application", *options],
        on_parent_death=signal.SIGKILL,
        cwd=tmp_path,  # where no configuration file of ours is
        env=os.environ | {"PYTHONPATH": str(settings.BASE_DIR)},
        output=subprocess.DEVNULL,
    )
    wait_until(lambda: accepts(address), 30)
    yield address, process
    process.kill()
    process.wait()


def accepts(address):
    try:
        socket.create_connection(address, timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


@contextmanager
def request(address):
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: web\r\n\r\n")
        yield connection


def answer(connection):
    return connection.makefile("rb").read()


def test_web_that_stops_answers_what_has_arrived_and_refuses_what_comes_later(web):
    address, process = web
    with request(address) as first, request(address) as waiting, request(address) as last:
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: not accepts(address), 3)
        answers = [answer(connection) for connection in (first, waiting, last)]

    assert [text.endswith(b"done") for text in answers] == [True, True, True]
    assert process.wait(20) == 0
