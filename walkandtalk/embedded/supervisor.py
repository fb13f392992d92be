"""Starts the whole stack in order, keeps it up, and stops it in order.

docs/decisions/embedded-stack.md says why it is ours, and not a library.

It is two processes. The outer one (`run`) is what people and terminals signal; it holds the lock and waits. The inner
one (`Supervisor`) does the work. Whichever of the two is killed outright, the other ends everything.
"""

import fcntl
import http.client
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from walkandtalk.embedded import broker, children, postgres, services
from walkandtalk.embedded.postgres import PostgresError

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK = 0.05
LONGEST_START = 60.0
LONGEST_BACK_OFF = 30.0
CALM = 60.0  # a program that was up for so long did not fail to start
PATIENCE_WITH_ORPHANS = 15.0
SIGN_INS = (
    ("inspector.as@example.com", "inspector, Central South"),
    ("officer.as@example.com", "officer, Central South"),
    ("inspector.cn@example.com", "inspector, Central North"),
    ("officer.cn@example.com", "officer, Central North"),
    ("lead@example.com", "lead, all BCUs, figures only"),
    ("admin@example.com", "administrator"),
)


class CannotRun(Exception):
    """Something a person has to change first. The message says what."""


class Stopped(Exception):
    """We were asked to stop."""


@dataclass
class Program:
    """One program we keep running, and how it is stopped."""

    name: str
    command: list[str | Path]
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    account: children.Account | None = None
    extra_env: dict[str, str] = field(default_factory=dict)
    process: Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    start_again_at: float = 0.0


def say(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone: that is no reason to leave anything running
        print(text, flush=True)


# --- The outer process ----------------------------------------------------------------------------------------------


class _Requests:
    """What we were asked to do by signals, passed on to the inner process once there is one."""

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


def run(port: int, *, with_parent: bool = False) -> int:
    """Run the stack until asked to stop. The exit code."""
    requests = _Requests()
    if with_parent:
        children.die_with_parent(signal.SIGTERM, parent=os.getppid())
    var = services.var_folder()
    lock = None
    try:
        lock = _take_lock(var)
        _require_free_port(port)
        sockets = _fresh_sockets(var)
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 1
    children.adopt_orphans()
    outer = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.setsid()  # the terminal's Ctrl-C is for the outer process, which passes it on
        requests.inner = None
        children.die_with_parent(signal.SIGTERM, parent=outer)
        os._exit(Supervisor(port, var, sockets, lock, requests).run())
    requests.inner = pid
    if requests.stop:
        os.kill(pid, signal.SIGTERM)
    _, status = os.waitpid(pid, 0)
    requests.inner = None
    if os.WIFSIGNALED(status):
        say("The supervisor was killed: stopping what it ran.")
    end_orphans()
    tidy(var, sockets)
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 1


def _take_lock(var: Path) -> int:
    """The lock is let go when we, the inner process and PostgreSQL are all gone, not a moment earlier."""
    var.mkdir(mode=0o755, parents=True, exist_ok=True)
    lock = os.open(var / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + PATIENCE_WITH_ORPHANS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(lock, 20, 0).decode().strip()
            if _is_alive(owner) or time.monotonic() > deadline:
                raise CannotRun(f"Walk and Talk already runs for the folder {var} (process {owner}).") from None
            time.sleep(TICK)  # the last one was killed, and its database is still closing
        else:
            os.truncate(lock, 0)
            os.pwrite(lock, str(os.getpid()).encode(), 0)
            return lock


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _require_free_port(port: int) -> None:
    for family, host in _addresses():
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                hint = f"Choose another one, for example: make run PORT={port + 1 if port < 65535 else 8000}"
                raise CannotRun(f"Port {port} cannot be used: {error.strerror}. {hint}") from None


def _addresses() -> list[tuple[socket.AddressFamily, str]]:
    """Where we listen: the machine itself and nothing else. `localhost` is either of the two."""
    found = [(socket.AF_INET, "127.0.0.1")]
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        found.append((socket.AF_INET6, "::1"))
    return found


def _fresh_sockets(var: Path) -> Path:
    """A new folder for the sockets, and none left of a run that was killed."""
    left = services.read(var)
    if left is not None:
        tidy(var, Path(left.postgres_socket))
    return postgres.socket_folder()


def tidy(var: Path, sockets: Path) -> None:
    services.forget(var)
    shutil.rmtree(sockets, ignore_errors=True)


def end_orphans() -> None:
    """Wait for whatever is still below us, then kill it. What was started by a killed child is ours by now."""
    deadline = time.monotonic() + PATIENCE_WITH_ORPHANS
    while pids := children.own_children():
        for pid in pids:
            if time.monotonic() > deadline:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(TICK)


# --- The inner process ----------------------------------------------------------------------------------------------


class Supervisor:
    def __init__(self, port: int, var: Path, sockets: Path, lock: int, requests: _Requests) -> None:
        self.port = port
        self.var = var
        self.sockets = sockets
        self.lock = lock
        self.requests = requests
        self.programs: list[Program] = []
        self.started_at = time.monotonic()
        self.env = self._environment()

    def run(self) -> int:
        children.adopt_orphans()
        try:
            self._start()
            while True:
                self._look_after()
                self._pause()
        except Stopped:
            code = 0
        except (CannotRun, PostgresError) as error:
            print(error, file=sys.stderr, flush=True)
            code = 1
        finally:
            self.stop()
        return code

    def _environment(self) -> dict[str, str]:
        ours = {
            "WALKANDTALK_VAR": str(self.var),
            "PUBLIC_URL": f"http://localhost:{self.port}",
            "DISCREET_URL": f"http://127.0.0.1:{self.port}",
            "DJANGO_SETTINGS_MODULE": "walkandtalk.settings",
            "PYTHONUNBUFFERED": "1",
        }
        return os.environ | ours

    # Starting

    def _start(self) -> None:
        self._prepare_folders()
        smtp_port = _free_port()
        cluster = postgres.Cluster(self.var / "postgres", self.sockets)
        redis = broker.binary()
        say("Starting PostgreSQL, Redis and the mail sink …" if redis else "Starting PostgreSQL and the mail sink …")
        cluster.create()
        self._launch(_postgres(cluster))
        if redis:
            self._launch(_redis(redis, self.sockets))
        self._launch(_sink(smtp_port, self.var / "mail"))
        self._wait_until(cluster.ready, "postgres")
        self._wait_until(lambda: not redis or broker.ready(self.sockets), "redis")
        self._wait_until(lambda: _answers(smtp_port), "sink")
        services.write(self.var, self._services(smtp_port, with_redis=bool(redis)))
        say("Preparing the database and the pages …")
        self._once("prepare", [sys.executable, "-m", "walkandtalk.embedded.prepare"])
        for program in self._django_programs(with_redis=bool(redis)):
            self._launch(program)
        self._wait_until(self._healthy, "web")
        self._welcome(with_redis=bool(redis))

    def _prepare_folders(self) -> None:
        for name in ("log", "mail", "hold"):
            (self.var / name).mkdir(mode=0o700, exist_ok=True)
        for old in [*(self.var / "log").iterdir(), *(self.var / "hold").iterdir()]:
            old.unlink()

    def _services(self, smtp_port: int, *, with_redis: bool) -> services.Services:
        return services.Services(
            postgres_socket=str(self.sockets),
            postgres_user=postgres.USER,
            postgres_name=postgres.NAME,
            redis_url=broker.url(self.sockets) if with_redis else None,
            smtp_port=smtp_port,
            port=self.port,
        )

    def _django_programs(self, *, with_redis: bool) -> list[Program]:
        python = [sys.executable, "-m"]
        binds = [f"--bind={f'[{host}]' if ':' in host else host}:{self.port}" for _, host in _addresses()]
        web = [*binds, "--workers=2", "--threads=4", "--graceful-timeout=5", "--no-control-socket"]
        celery = [*python, "celery", "-A", "walkandtalk"]
        worker = ["--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
        beat = [f"--schedule={self.var / 'beat-schedule'}", "--pidfile=", "--loglevel=INFO"]
        queue = [
            # QUIT when we are killed: TERM would wait for a broker that is dying as well.
            Program("worker", [*celery, "worker", *worker], patience=40),
            Program("beat", [*celery, "beat", *beat]),
        ]
        return [
            Program("loop", [sys.executable, "manage.py", "run_outbox"], patience=45),
            *(queue if with_redis else []),
            Program("web", [*python, "gunicorn", "walkandtalk.wsgi", *web]),
        ]

    def _healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()

    def _welcome(self, *, with_redis: bool) -> None:
        password = self.env.get("DEMO_PASSWORD", "walk-and-talk-demo")
        took = time.monotonic() - self.started_at
        lines = [
            "",
            f"Walk and Talk is ready after {took:.1f} s.",
            "",
            f"  Ask for a walk   http://localhost:{self.port}/",
            f"  Staff sign in    http://localhost:{self.port}/staff/sign-in/",
            f"  Discreet host    http://127.0.0.1:{self.port}/",
            f"  Mail             http://localhost:{self.port}/dev/mail/  (files: {self.var / 'mail'})",
            f"  Logs             {self.var / 'log'}",
            "",
            f"  Demo sign-ins, password {password}:",
            *(f"    {email:<28} {role}" for email, role in SIGN_INS),
            "",
        ]
        if not with_redis:
            lines += [broker.MISSING, ""]
        say("\n".join([*lines, "Press Ctrl-C to stop."]))

    # Keeping it up

    def _launch(self, program: Program) -> None:
        if program not in self.programs:
            self.programs.append(program)
        with open(os.open(self._log(program.name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as log:
            program.process = children.start(
                program.command,
                on_parent_death=program.stop_signal,
                env=self.env | program.extra_env,
                account=program.account,
                cwd=Path("/") if program.account else services.BASE_DIR,
                output=log,
                keep_open=[self.lock] if program.name == "postgres" else [],
            )
        program.started_at = time.monotonic()

    def _look_after(self) -> None:
        now = time.monotonic()
        for program in self.programs:
            held = (self.var / "hold" / program.name).exists()
            if program.process is None:
                if not held and now >= program.start_again_at:
                    self._launch(program)
            elif program.process.poll() is not None:
                self._note_end(program, program.process.returncode, now)
            elif held:
                say(f"Holding {program.name}, until {self.var / 'hold' / program.name} is removed.")
                self._end([program])
        self._reap_orphans()

    def _note_end(self, program: Program, code: int, now: float) -> None:
        program.failures = 0 if now - program.started_at > CALM else program.failures + 1
        wait = min(LONGEST_BACK_OFF, 0.25 * 2**program.failures)
        program.start_again_at = now + wait
        program.process = None
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        say(f"{program.name} ended ({how}); starting it again in {wait:.1f} s. See {self._log(program.name)}")

    def _reap_orphans(self) -> None:
        known = {program.process.pid for program in self.programs if program.process}
        for pid in set(children.own_children()) - known:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)

    def _pause(self) -> None:
        time.sleep(TICK)
        if self.requests.stop:
            raise Stopped

    def _wait_until(self, ready: Callable[[], bool], name: str) -> None:
        deadline = time.monotonic() + LONGEST_START
        while not ready():
            program = next(program for program in self.programs if program.name == name)
            if (program.process and program.process.poll() is not None) or time.monotonic() > deadline:
                raise CannotRun(f"{name} did not start.\n{self._tail(name)}")
            self._pause()

    def _once(self, name: str, command: list[str | Path]) -> None:
        step = Program(name, command)
        self._launch(step)
        while step.process is not None and step.process.poll() is None:
            self._pause()
        self.programs.remove(step)
        if step.process is not None and step.process.returncode != 0:
            raise CannotRun(f"The step “{name}” failed.\n{self._tail(name)}")

    def _log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def _tail(self, name: str) -> str:
        lines = self._log(name).read_text(errors="replace").splitlines()
        return "\n".join([*lines[-40:], f"All of it is in {self._log(name)}"])

    # Stopping

    def stop(self) -> None:
        """In the order in which nothing is missed: pages, queue, loop, mail, broker, and the database last."""
        say("Stopping …")
        for names in (("prepare", "web"), ("worker", "beat"), ("loop",), ("sink",), ("redis",), ("postgres",)):
            self._end([program for program in self.programs if program.name in names])
        end_orphans()
        tidy(self.var, self.sockets)
        say("Stopped.")

    def _end(self, programs: Iterable[Program]) -> None:
        running = [(program, program.process) for program in programs if program.process is not None]
        for program, process in running:
            process.send_signal(program.stop_signal)
        for program, process in running:
            deadline = time.monotonic() + program.patience
            while process.poll() is None and time.monotonic() < deadline:
                time.sleep(TICK)
            with suppress(ProcessLookupError):  # its own children too, if it left any
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            program.process = None


def _postgres(cluster: postgres.Cluster) -> Program:
    return Program("postgres", cluster.command(), stop_signal=signal.SIGINT, patience=30, account=cluster.account)


def _redis(binary: Path, sockets: Path) -> Program:
    return Program("redis", broker.command(binary, sockets))


def _sink(port: int, folder: Path) -> Program:
    return Program("sink", [sys.executable, "-m", "walkandtalk.embedded.sink", f"--port={port}", f"--folder={folder}"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
