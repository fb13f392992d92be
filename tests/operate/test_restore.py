"""A small run: a database goes back to a moment before mail was sent, and none of it is sent again."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.stack

LONGEST = 600  # on a busy machine


def test_restored_database_keeps_every_promise():
    command = [sys.executable, "-m", "tests.operate", "--small", "restore"]
    process = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)

    assert process.returncode == 0, process.stdout + process.stderr
