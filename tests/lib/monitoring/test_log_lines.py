"""Lines are bare JSON, one object a line: the read log and the security log on stdout, everything else on stderr."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from tests.support.production import VARIABLES
from walkandtalk.lib.monitoring.log_lines import SHIPPED

IN_A_PROCESS = """
import json, logging, threading, warnings
import django
django.setup()
for name in %(loggers)r:
    logging.getLogger(name).info(json.dumps({"event": name, "path": "/r/%(token)s/"}))
logging.getLogger("walkandtalk.middleware").warning('An error with\\n{"event": "a false line"}')
warnings.warn("something is old")
thread = threading.Thread(target=lambda: int("Zsuzsanna"))
thread.start()
thread.join()
None.pk
"""
TOKEN = "t" * 43


@pytest.fixture(scope="module")
def process():
    """A process of production that writes to each log, and then fails."""
    code = IN_A_PROCESS % {"loggers": SHIPPED, "token": TOKEN}
    servers = {
        "DATABASE_URL": "postgres://nobody@localhost/none",
        "REDIS_URL": "redis://localhost:1/0",
        "EMAIL_URL": "smtp://localhost:1",
        "ERASURES_OPTIONS": '{"location": "/tmp"}',
        "DJANGO_SETTINGS_MODULE": "walkandtalk.settings",
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=VARIABLES | servers,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def lines(process):
    return [json.loads(line) for line in process.stderr.splitlines()]


def test_each_line_on_stdout_is_an_object_with_time_level_and_logger(process):
    shipped = [json.loads(line) for line in process.stdout.splitlines()]

    assert [(line["logger"], line["event"], line["level"]) for line in shipped] == [
        (name, name, "INFO") for name in SHIPPED
    ]
    assert all(line["time"].endswith("+00:00") for line in shipped)


def test_each_other_line_is_an_object_on_stderr(lines):
    assert list(lines[0]) == ["time", "level", "logger", "event"]
    assert lines[0]["time"].endswith("+00:00")
    assert [(line["level"], line["logger"]) for line in lines] == [
        ("WARNING", "walkandtalk.middleware"),
        ("WARNING", "py.warnings"),
        ("CRITICAL", "walkandtalk"),
        ("CRITICAL", "walkandtalk"),
    ]
    assert lines[0]["event"] == 'An error with\n{"event": "a false line"}'


def test_errors_that_nobody_catches_are_lines_without_what_was_typed(lines, process):
    of_thread, of_process = lines[2:]

    assert of_thread["traceback"].endswith("\nValueError: …")
    assert of_process["traceback"].endswith("\nAttributeError: 'NoneType' object has no attribute 'pk'")
    assert "invalid literal" not in process.stderr


def test_lines_have_no_token(process):
    assert TOKEN not in process.stdout
    assert "/r/…/" in json.loads(process.stdout.splitlines()[0])["path"]
