"""Starts processes that never outlive us, however we end. Linux handles the last case, when we get SIGKILL."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

TIMEOUT_SECONDS = 15.0
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """A user account to run a process as, because PostgreSQL refuses to run as root."""

    uid: int
    gid: int


def start(
    command: Sequence[str | Path],
    *,
    on_parent_death: signal.Signals,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    cwd: Path | None = None,
    output: IO[bytes] | int | None = None,
    keep_open: Collection[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, so that Ctrl-C reaches only us and we stop the children in our order."""
    return subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        pass_fds=keep_open,
        start_new_session=True,
        preexec_fn=_prepare(on_parent_death, account, parent=os.getpid()),  # noqa: PLW1509 - we have no threads
    )


def _prepare(on_parent_death: signal.Signals, account: Account | None, *, parent: int) -> Callable[[], None]:
    def prepare() -> None:
        if account is not None:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
        die_with_parent(on_parent_death, parent=parent)  # after setuid, which clears it

    return prepare


def die_with_parent(with_signal: signal.Signals, *, parent: int) -> None:
    """Ask the kernel for this signal when the parent dies. Call it in the child, before exec."""
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), with_signal)


def caught_signals(pid: int) -> int:
    """Return a mask of the signals that a process catches, or 0 if that is unknown."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigCgt:")), 0)


def adopt_orphans() -> None:
    """Become the parent of our children's orphans from now on, so that we can find and end them."""
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def own_children() -> list[int]:
    """Return the ids of our child processes. Empty if there is no /proc."""
    found: list[int] = []
    for task in Path("/proc/self/task").glob("*/children"):
        found.extend(int(pid) for pid in task.read_text().split())
    return found


def end_orphans() -> None:
    """Wait for all remaining children, then kill them. Orphans of killed children are ours by now."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while pids := own_children():
        for pid in pids:
            if time.monotonic() > deadline:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.05)
