"""Small fault runs: worker and loop are killed, the mail server misbehaves, and walks change at the same time."""

import subprocess
import sys
import time

import psutil
import pytest

pytestmark = pytest.mark.stack

SMALL = [sys.executable, "-m", "tests.faults", "--small"]
LONGEST = 600  # on a busy machine; otherwise it takes less than a minute


def test_small_fault_runs_keep_every_promise():
    process = subprocess.run(SMALL, capture_output=True, text=True, timeout=LONGEST, check=False)

    assert process.returncode == 0, process.stdout + process.stderr


def test_terminated_run_leaves_no_process_behind():
    with subprocess.Popen(SMALL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        began = wait_for_children(psutil.Process(run.pid))
        run.terminate()
        run.wait(LONGEST)

    assert psutil.wait_procs(began, timeout=30)[1] == []
    assert run.returncode == 128 + 15


def wait_for_children(process, *, least=3):
    """Wait until PostgreSQL with its children and the mail server run, and return all child processes."""
    deadline = time.monotonic() + LONGEST
    while len(began := process.children(recursive=True)) < least:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return began
