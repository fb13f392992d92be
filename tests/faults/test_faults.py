"""The fault runs, small: worker and loop are killed, the mail server misbehaves, walks change meanwhile."""

import subprocess
import sys
import time

import psutil
import pytest

pytestmark = pytest.mark.stack

SMALL = [sys.executable, "-m", "tests.faults", "--small"]
LONGEST = 600  # on a machine that others use hard; by itself it takes less than a minute


def test_a_few_faults_of_each_kind_break_no_promise():
    done = subprocess.run(SMALL, capture_output=True, text=True, timeout=LONGEST, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_run_that_is_ended_leaves_nothing_behind():
    with subprocess.Popen(SMALL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        began = begun_by(psutil.Process(run.pid))
        run.terminate()
        run.wait(LONGEST)

    assert psutil.wait_procs(began, timeout=30)[1] == []
    assert run.returncode == 128 + 15


def begun_by(process, *, least=3):
    """PostgreSQL with its own, and the mail server."""
    deadline = time.monotonic() + LONGEST
    while len(began := process.children(recursive=True)) < least:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return began
