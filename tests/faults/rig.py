"""PostgreSQL, Redis, a mail server, workers and loops, each a process that can be killed separately."""

import os
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from devtools.stack import broker, children, postgres, programs, services
from tests.support.migrated_cluster import unpack_migrated_cluster
from tests.support.stack import free_port

# Without fsync a crash of PostgreSQL loses nothing, because the operating system has the writes. Without
# synchronous_commit it would.
SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "100"}
TIMEOUT_SECONDS = 60


class Rig:
    def __init__(self, *, linger=0.0, lease=0.0, waits=1.0):
        self.folder = Path(tempfile.mkdtemp(prefix="walkandtalk-faults-"))
        self.folder.chmod(0o711)  # PostgreSQL may run as another user
        self.sockets = postgres.socket_folder()
        self.cluster = postgres.Cluster(self.folder / "postgres", self.sockets)
        self.mail = self.folder / "mail"
        self.lease = lease
        self.waits = waits
        self.linger = linger
        self.smtp_port, self.port = free_port(), free_port()
        self.processes = {}
        self.senders = {}

    def __enter__(self):
        self.mail.mkdir()
        unpack_migrated_cluster(self.cluster.data)
        self.cluster.create()
        services.write(self.folder, self._services())
        ours = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "PUBLIC_URL", "DISCREET_URL")
        for name in ours:
            os.environ.pop(name, None)
        # All requests come from one network address, and quickly.
        limits = {"REQUESTS_PER_NETWORK_AN_HOUR": "1000000", "REQUESTS_PER_ADDRESS_A_DAY": "1000000"}
        # Messages of decisions are held, but not for as long as in earnest.
        os.environ |= limits | {"SEND_AFTER_SECONDS": "0", "UNDO_SECONDS": "2"}
        os.environ |= {
            "WALKANDTALK_ENV": "development",
            "WALKANDTALK_VAR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "walkandtalk.settings",
        }
        try:
            self.start_postgres()
            self.start_sink()
            self._set_up_django()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info):
        for name in list(self.processes):
            self.kill(name, signal.SIGQUIT if name == "postgres" else signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _services(self):
        return services.Services(
            postgres_socket=str(self.sockets),
            postgres_owner=postgres.OWNER,
            postgres_user=postgres.USER,
            postgres_name=postgres.NAME,
            redis_url=broker.url(self.sockets),
            smtp_port=self.smtp_port,
            port=self.port,
        )

    def _set_up_django(self):
        import django

        django.setup()
        import logging

        logging.disable(logging.INFO)

    # --- Starting and killing processes

    def start_postgres(self):
        self.start("postgres", self.cluster.command(SETTINGS), account=self.cluster.account, cwd=Path("/"))
        self.wait(self.cluster.ready)

    def start_sink(self):
        options = [f"--port={self.smtp_port}", f"--folder={self.mail}", f"--linger={self.linger}"]
        self.start("sink", [*programs.PYTHON, "tests.faults.faulty_smtp_server", *options])
        self.wait(lambda: programs._listens(self.smtp_port))

    def start_redis(self):
        binary = broker.binary()
        assert binary, broker.MISSING
        self.start("redis", broker.command(binary, self.sockets))
        self.wait(lambda: broker.ready(self.sockets))

    def start_web(self):
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        self.start("web", programs.web(self.port).command)
        self.wait(lambda: programs._is_healthy(self.port))

    def start_sender(self, program, *, without=(), threads=2, wait=True):
        """Start the worker or the loop, and wait until its log says that it is ready."""
        speed = [f"--lease={self.lease}", f"--waits={self.waits}", f"--threads={threads}"]
        options = [*speed, *(f"--without={name}" for name in without)]
        self.log(program).unlink(missing_ok=True)  # so that the log has only lines of the new process
        self.start(program, [*programs.PYTHON, "tests.faults.sender", program, *options])
        if wait:
            self.wait_for_sender(program)

    def wait_for_sender(self, program):
        ready_text = " ready." if program == "worker" else "Delivering messages"
        self.wait(lambda: ready_text in self.log(program).read_text(errors="replace"))

    def only(self, senders, *, without=()):
        """Run only these senders, without these protections. Senders that already run like this are kept."""
        expected = {sender: (self.lease, self.waits, tuple(without)) for sender in senders}
        for sender in ("worker", "loop"):
            if sender in self.processes and self.senders.get(sender) != expected.get(sender):
                self.kill(sender)
        missing = [sender for sender in senders if sender not in self.processes]
        for sender in missing:
            self.start_sender(sender, without=without, wait=False)
        for sender in missing:
            self.wait_for_sender(sender)
        self.senders = expected

    def start(self, name, command, *, account=None, cwd=services.BASE_DIR):
        with open(self.log(name), "ab") as log:
            self.processes[name] = children.start(
                command, on_parent_death=signal.SIGKILL, account=account, cwd=cwd, output=log
            )

    def kill(self, name, number=signal.SIGKILL):
        """Kill a process with its children, like a machine that fails. PostgreSQL ends its own children."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            (os.kill if name == "postgres" else os.killpg)(process.pid, number)
        process.wait(TIMEOUT_SECONDS)

    def log(self, name):
        return self.folder / f"{name}.log"

    def wait(self, condition, seconds=TIMEOUT_SECONDS):
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"timed out after {seconds} s\n{self._tails()}")
            time.sleep(0.02)
        return found

    def _tails(self):
        return "\n".join(f"--- {path.name}\n{path.read_text()[-1500:]}" for path in sorted(self.folder.glob("*.log")))
