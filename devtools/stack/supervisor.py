"""Starts the whole stack in order, keeps it running, and stops it in order.

docs/decisions/embedded-stack.md says why we wrote it ourselves. guard.py is the process around it.
"""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from devtools.stack import broker, children, postgres, programs, services
from devtools.stack.postgres import PostgresError
from devtools.stack.programs import Program

TICK = 0.05
LONGEST_START = 60.0
LONGEST_BACK_OFF = 30.0
STABLE_AFTER_SECONDS = 60.0  # a program that ran this long counts as started
DEMO_SIGN_INS = (
    ("inspector.as@example.com", "inspector, Central South"),
    ("officer.as@example.com", "officer, Central South"),
    ("inspector.cn@example.com", "inspector, Central North"),
    ("officer.cn@example.com", "officer, Central North"),
    ("lead@example.com", "lead, all BCUs"),
    ("admin@example.com", "administrator"),
    ("admin2@example.com", "second administrator"),
    ("auditor@example.com", "auditor"),
    ("control@example.com", "control room"),
)


class CannotRun(Exception):
    """The stack cannot run until a person changes something. The message says what."""


class Stopped(Exception):
    """We were asked to stop."""


def say(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone, but we must still stop everything
        print(text, flush=True)


def tidy(var: Path, sockets: Path) -> None:
    services.forget(var)
    if sockets.name.startswith(postgres.SOCKETS_PREFIX):  # checked because the name may come from a file
        shutil.rmtree(sockets, ignore_errors=True)


class Supervisor:
    def __init__(self, port: int, var: Path, sockets: Path, lock: int, asked_to_stop: Callable[[], bool]) -> None:
        self.port = port
        self.var = var
        self.sockets = sockets
        self.lock = lock
        self.asked_to_stop = asked_to_stop
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
            return 0
        except (CannotRun, PostgresError) as error:
            say(str(error))
            return 1
        except OSError as error:
            say(f"Walk and Talk can’t go on: {error.strerror or error} ({error.filename or self.var}).")
            return 1
        finally:
            self.stop()

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
        smtp_port = programs.free_port()
        redis = broker.binary()
        say("Starting PostgreSQL, Redis and the mail sink …" if redis else "Starting PostgreSQL and the mail sink …")
        cluster = postgres.Cluster(self.var / "postgres", self.sockets)
        if cluster.data.parent != self.var:
            say(f"PostgreSQL, which does not run as root, cannot read {self.var}. Its data is in {cluster.data}.")
        cluster.create()
        below = [programs.postgres(cluster), programs.sink(smtp_port, self.var / "mail")]
        if redis:
            below.append(programs.redis(redis, self.sockets))
        for program in below:
            self._launch(program)
        for program in below:
            self._wait_for(program)
        services.write(self.var, self._services(smtp_port, with_redis=bool(redis)))
        say("Preparing the database and the pages …")
        self._run_once(programs.prepare())
        web = programs.web(self.port)
        self._launch(web)
        self._wait_for(web)  # before the others start, so that the first page appears as soon as possible
        senders = [programs.loop(), *([programs.worker(), programs.beat(self.var)] if redis else [])]
        for program in senders:
            self._launch(program)
        self._welcome(with_redis=bool(redis))

    def _prepare_folders(self) -> None:
        for name in ("mail", "log", "run", "hold"):
            (self.var / name).mkdir(mode=0o700, exist_ok=True)
        for name in ("log", "run", "hold"):
            for old in (self.var / name).iterdir():
                old.unlink()

    def _services(self, smtp_port: int, *, with_redis: bool) -> services.Services:
        return services.Services(
            postgres_socket=str(self.sockets),
            postgres_owner=postgres.OWNER,
            postgres_user=postgres.USER,
            postgres_name=postgres.NAME,
            redis_url=broker.url(self.sockets) if with_redis else None,
            smtp_port=smtp_port,
            port=self.port,
        )

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
            *(f"    {email:<28} {role}" for email, role in DEMO_SIGN_INS),
            "",
        ]
        if not with_redis:
            lines += [broker.MISSING, ""]
        say("\n".join([*lines, "Press Ctrl-C to stop."]))

    # Keeping it running

    def _launch(self, program: Program) -> None:
        if program not in self.programs:
            self.programs.append(program)
        with open(os.open(self._log(program.name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as log:
            program.process = children.start(
                program.command,
                on_parent_death=program.stop_signal,
                env=self.env,
                account=program.account,
                cwd=Path("/") if program.account else services.BASE_DIR,
                output=log,
                keep_open=[self.lock] if program.name == "postgres" else [],
            )
        program.started_at = time.monotonic()
        self._record_start(program.name, program.process.pid)

    def _record_start(self, name: str, pid: int) -> None:
        """Write the process id in one step, so that a reader finds the new number or the old one, never a part."""
        draft = self.var / "run" / f".{name}"
        draft.write_text(str(pid))
        draft.replace(self.var / "run" / name)

    def _look_after(self) -> None:
        now = time.monotonic()
        for program in self.programs:
            is_on_hold = (self.var / "hold" / program.name).exists()
            if program.process is None:
                if not is_on_hold and now >= program.start_again_at:
                    self._launch(program)
            elif program.process.poll() is not None:
                self._record_exit(program, program.process.returncode, now)
            elif is_on_hold:
                say(f"Holding {program.name} until {self.var / 'hold' / program.name} is removed.")
                self._end([program])
        self._reap_orphans()

    def _record_exit(self, program: Program, code: int, now: float) -> None:
        program.failures = 0 if now - program.started_at > STABLE_AFTER_SECONDS else program.failures + 1
        wait = min(LONGEST_BACK_OFF, 0.25 * 2**program.failures)
        program.start_again_at = now + wait
        program.process = None
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        say(f"{program.name} ended ({how}). Restarting it in {wait:.1f} s. See {self._log(program.name)}")

    def _reap_orphans(self) -> None:
        known = {program.process.pid for program in self.programs if program.process}
        for pid in set(children.own_children()) - known:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)

    def _pause(self) -> None:
        time.sleep(TICK)
        if self.asked_to_stop():
            raise Stopped

    def _wait_for(self, program: Program) -> None:
        deadline = time.monotonic() + LONGEST_START
        while not program.ready():
            if self._has_ended(program) or time.monotonic() > deadline:
                raise CannotRun(f"{program.name} did not start.\n{self._tail(program.name)}")
            self._pause()

    def _run_once(self, program: Program) -> None:
        self._launch(program)
        while not self._has_ended(program):
            self._pause()
        self.programs.remove(program)
        if program.process is None or program.process.returncode != 0:
            raise CannotRun(f"The step “{program.name}” failed.\n{self._tail(program.name)}")

    def _has_ended(self, program: Program) -> bool:
        return program.process is None or program.process.poll() is not None

    def _log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def _tail(self, name: str) -> str:
        lines = self._log(name).read_text(errors="replace").splitlines()
        return "\n".join([*lines[-40:], f"The full log is in {self._log(name)}"])

    # Stopping

    def stop(self) -> None:
        say("Stopping …")
        for names in programs.STOP_ORDER:
            self._end([program for program in self.programs if program.name in names])
        children.end_orphans()
        tidy(self.var, self.sockets)
        say("Stopped.")

    def _end(self, programs: Iterable[Program]) -> None:
        running = [(program, program.process) for program in programs if program.process is not None]
        for program, process in running:
            process.send_signal(program.stop_signal)
        for program, process in running:
            deadline = time.monotonic() + program.stop_timeout
            while process.poll() is None and time.monotonic() < deadline:
                time.sleep(TICK)
            with suppress(ProcessLookupError):  # and any children that it left
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            program.process = None
