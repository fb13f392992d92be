"""The outer of the two processes that run the stack, which receives signals from people and terminals.

It holds the lock on var/, starts the supervisor and waits for it. If one of the two is killed, the other ends
everything.
"""

import fcntl
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from devtools.stack import children, postgres, programs, services
from devtools.stack.supervisor import CannotRun, Supervisor, say, tidy

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST_WAIT_FOR_LOCK = 15.0
MEGABYTE = 1024 * 1024
ROOM_AT_FIRST, ROOM = 300 * MEGABYTE, 50 * MEGABYTE
OTHER_FOLDER = "Choose another folder, for example: make run WALKANDTALK_VAR=/tmp/walkandtalk"


class SignalRequests:
    """Receives requests to stop as signals, and passes them on to the inner process once it exists."""

    def __init__(self) -> None:
        self.stop = False
        self.inner: int | None = None
        for number in STOP_SIGNALS:
            signal.signal(number, self._handle)

    def _handle(self, number: int, frame: object) -> None:
        self.stop = True
        if self.inner is not None:
            with suppress(ProcessLookupError):
                os.kill(self.inner, signal.SIGTERM)


class ParentProcess:
    """Our parent, make. On INT or HUP it silently waits for us. The only sign is that it no longer catches them."""

    def __init__(self) -> None:
        self.pid = os.getppid()
        self.caught = children.caught_signals(self.pid)
        comm = Path(f"/proc/{self.pid}/comm")
        self.is_make = comm.exists() and comm.read_text().strip() in ("make", "gmake")

    def waits_for_us(self) -> bool:
        return self.is_make and bool(self.caught & ~children.caught_signals(self.pid))


def run(port: int, *, with_parent: bool = False) -> int:
    """Run the stack until asked to stop. Return the exit code."""
    requests = SignalRequests()
    if with_parent:
        children.die_with_parent(signal.SIGTERM, parent=os.getppid())
    var = services.var_folder()
    try:
        _require_room(var)
        lock = _take_lock(var)
        _require_free_port(port)
        sockets = _fresh_sockets(var)
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 1
    supervisor = Supervisor(port, var, sockets, lock, asked_to_stop=lambda: requests.stop)
    children.adopt_orphans()
    requests.inner = _fork(supervisor)
    if requests.stop:
        os.kill(requests.inner, signal.SIGTERM)
    status = _wait(requests.inner, ParentProcess() if with_parent else None)
    requests.inner = None
    if os.WIFSIGNALED(status):
        say("The supervisor was killed. Stopping everything it started.")
    children.end_orphans()
    tidy(var, sockets)
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1


def _fork(supervisor: Supervisor) -> int:
    outer = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.setsid()  # so that Ctrl-C reaches only the outer process, which passes it on
        children.die_with_parent(signal.SIGTERM, parent=outer)
        os._exit(supervisor.run())
    return pid


def _wait(inner: int, parent: ParentProcess | None) -> int:
    """Wait until the inner process has ended. Return its status."""
    while True:
        pid, status = os.waitpid(inner, os.WNOHANG)
        if pid:
            return status
        if parent is not None and parent.waits_for_us():
            os.kill(inner, signal.SIGTERM)
            parent = None
        time.sleep(0.1)


def _take_lock(var: Path) -> int:
    """Take the lock. It is released once we, the inner process and PostgreSQL have all ended."""
    lock = os.open(var / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + LONGEST_WAIT_FOR_LOCK
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(lock, 20, 0).decode().strip()
            if _is_alive(owner) or time.monotonic() > deadline:
                raise CannotRun(f"Walk and Talk is already running for the folder {var} (process {owner}).") from None
            time.sleep(0.05)  # the last run was killed, and its database is still shutting down
        else:
            os.truncate(lock, 0)
            os.pwrite(lock, str(os.getpid()).encode(), 0)
            return lock


def _require_room(var: Path) -> None:
    """Find out now whether the folder can be used, and not from the first of many programs that fail."""
    try:
        var.mkdir(mode=0o755, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=var):
            free = shutil.disk_usage(var).free
    except OSError as error:
        why = f"Walk and Talk keeps its database and mail in {var}, and can’t write there: {error.strerror}."
        raise CannotRun(f"{why}\n{OTHER_FOLDER}") from None
    needed = ROOM if (var / "static").exists() else ROOM_AT_FIRST
    if free < needed:
        why = f"Walk and Talk needs {needed // MEGABYTE} MB in {var}, and only {free // MEGABYTE} MB are free."
        raise CannotRun(f"{why}\n{OTHER_FOLDER}")


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _require_free_port(port: int) -> None:
    for family, host in programs.addresses():
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                hint = f"Choose another one, for example: make run PORT={port + 1 if port < 65535 else 8000}"
                raise CannotRun(f"Port {port} cannot be used: {error.strerror}. {hint}") from None


def _fresh_sockets(var: Path) -> Path:
    """Make a new folder for sockets, and remove the one from a run that was killed."""
    leftover = services.read(var)
    if leftover is not None:
        tidy(var, Path(leftover.postgres_socket))
    return postgres.socket_folder()
