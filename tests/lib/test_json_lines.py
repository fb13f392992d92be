"""The read log and the security log leave as bare JSON on stdout, one object a line, and everything else on stderr."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from walkandtalk.lib.json_lines import SHIPPED

IN_A_PROCESS = """
import json, logging, sys
import django
django.setup()
logging.getLogger("walkandtalk.middleware").warning('An error with\\n{"event": "a false line"}')
for name in %(loggers)r:
    logging.getLogger(name).info(json.dumps({"event": name, "path": "/r/%(token)s/"}))
"""
TOKEN = "t" * 43


@pytest.fixture(scope="module")
def process():
    """A process that logs to each of the loggers, and to another one."""
    code = IN_A_PROCESS % {"loggers": SHIPPED, "token": TOKEN}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )


def test_each_line_on_stdout_is_an_object_with_time_level_and_logger(process):
    lines = [json.loads(line) for line in process.stdout.splitlines()]

    assert [(line["logger"], line["event"], line["level"]) for line in lines] == [
        (name, name, "INFO") for name in SHIPPED
    ]
    assert all(line["time"].endswith("+00:00") for line in lines)


def test_other_lines_are_on_stderr_and_as_they_were(process):
    first, second = process.stderr.splitlines()

    assert first.endswith(" WARNING walkandtalk.middleware An error with")
    assert second == '{"event": "a false line"}'


def test_lines_have_no_token(process):
    assert TOKEN not in process.stdout
    assert "/r/…/" in json.loads(process.stdout.splitlines()[0])["path"]
