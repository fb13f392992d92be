"""The service as production runs it: its own PostgreSQL, Redis and mail server, and each process alone.

    with Production() as production:
        production.start_web()
        production.visitor().ask_for_a_walk()

Nothing here reads Django's settings, so that a test may start another release, or another set of variables.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import psycopg2

from devtools.stack import broker, children, postgres, services
from tests.support.journey import Visitor
from tests.support.migrated_cluster import UNSAFE_AND_QUICK, unpack_migrated_cluster
from tests.support.stack import free_port

LONGEST = 60  # seconds
HOST = "walkandtalk.example.com"
DISCREET_HOST = "appointments.example.net"
VARIABLES = {
    "WALKANDTALK_ENV": "production",
    "SECRET_KEY": "for-tests-alone-7f3b9c1e5a8d2046-for-tests-alone-0c6e4a2b",
    "FIELD_KEYS": "1:Ynrh/2fqznvLUhsqPntoCLrpLC7RpZWq5kDvV+tjkes=",
    "INDEX_KEY": "for-tests-alone-e1d49c7a5b3f8062-for-tests-alone-51b7d903",
    "PUBLIC_URL": f"https://{HOST}",
    "DISCREET_URL": f"https://{DISCREET_HOST}",
    "FROM_EMAIL": f"Walk and Talk <hello@{HOST}>",
    "DISCREET_FROM_EMAIL": f"Appointments <hello@{DISCREET_HOST}>",
    "AUDITOR_EMAIL": "auditor@example.com",
    "TRUSTED_PROXY_COUNT": "1",
    "SECURE_PROXY_SSL_HEADER": "HTTP_X_FORWARDED_PROTO,https",
    "ORGANISATION_NAME": "the Metropolitan Police Service | Scheme lead | 2026-11-28",
    "ORGANISATION_ADDRESS": "New Scotland Yard, London SW1A 2JL | Scheme lead | 2026-11-28",
    "ORGANISATION_DATA_CONTROLLER": "The Commissioner | Scheme lead | 2026-11-28",
    "ORGANISATION_LEGAL_BASIS": "Public task | Scheme lead | 2026-11-28",
    "ORGANISATION_DATA_PROTECTION": "data@example.com | Scheme lead | 2026-11-28",
    "ORGANISATION_COMPLAINTS": "complaints@example.com | Scheme lead | 2026-11-28",
    "ORGANISATION_PHONE": "020 7946 0100 | Scheme lead | 2026-11-28",
    "ORGANISATION_PHONE_HOURS": "every day, 7am to 11pm | Scheme lead | 2026-11-28",
}
"""What `.env` holds, without the addresses of the servers."""
# Visitors of a test press buttons sooner than people do, and all from one network address.
HURRIED = {
    "SEND_AFTER_SECONDS": "0",
    "UNDO_SECONDS": "0",
    "LINKS_PER_NETWORK_AN_HOUR": "1000000",
    "REQUESTS_PER_NETWORK_AN_HOUR": "1000000",
    "REQUESTS_PER_ADDRESS_A_DAY": "1000000",
    "PASSWORD_CHECKS_PER_ACCOUNT": "1000000",
}


class Production:
    """Starts nothing but PostgreSQL and the mail server. `variables` replace those above."""

    def __init__(self, *, variables=None, server_settings=None, project=services.BASE_DIR, python=sys.executable):
        self.folder = Path(tempfile.mkdtemp(prefix="walkandtalk-production-"))
        self.folder.chmod(0o711)  # PostgreSQL may run as another user
        self.sockets = postgres.socket_folder()
        self.cluster = postgres.Cluster(self.folder / "postgres", self.sockets)
        self.server_settings = UNSAFE_AND_QUICK | (server_settings or {})
        self.mail = self.folder / "mail"
        self.smtp_port = free_port()
        self.project = project
        self.python = python
        self.variables = variables or {}
        self.processes = {}
        self.ports = {}

    def __enter__(self):
        self.mail.mkdir()
        unpack_migrated_cluster(self.cluster.data)
        self.cluster.create()
        try:
            self.start_postgres()
            self.start_sink()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info):
        for name in list(self.processes):
            self.kill(name, signal.SIGQUIT if name == "postgres" else signal.SIGKILL)
        for folder in (self.folder, self.sockets, self.cluster.data):
            shutil.rmtree(folder, ignore_errors=True)

    def database_url(self, role=postgres.USER):
        return f"postgres://{role}@/{postgres.NAME}?host={self.sockets}"

    def environment(self, *, owner=False):
        """Return every variable that a process has. `owner` adds the one that only prepare_database may have."""
        inherited = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        servers = {
            "DATABASE_URL": self.database_url(),
            "REDIS_URL": broker.url(self.sockets),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "ERASURES_OPTIONS": f'{{"location": "{self.folder / "erasures"}"}}',
            "STATIC_ROOT": str(self.folder / "static"),
            "DJANGO_SETTINGS_MODULE": "walkandtalk.settings",
        }
        owners = {"DATABASE_OWNER_URL": self.database_url(postgres.OWNER)} if owner else {}
        return inherited | VARIABLES | HURRIED | servers | owners | self.variables

    # --- Starting and stopping

    def start_postgres(self):
        command = self.cluster.command(self.server_settings)
        self.start("postgres", command, account=self.cluster.account, cwd=Path("/"))
        self.wait(self.cluster.ready)

    def start_sink(self):
        command = [sys.executable, "-m", "devtools.stack.sink", f"--port={self.smtp_port}", f"--folder={self.mail}"]
        self.start("sink", command, cwd=services.BASE_DIR)
        self.wait(lambda: _listens(self.smtp_port))

    def start_redis(self):
        binary = broker.binary()
        assert binary, broker.MISSING
        self.start("redis", broker.command(binary, self.sockets))
        self.wait(lambda: broker.ready(self.sockets))

    def start_web(self, name="web", *, wait=True):
        """Start one gunicorn with its workers, on a port of its own."""
        if not (self.folder / "static").exists():
            self.manage("collectstatic", "--no-input", "--verbosity=0")
        self.ports.setdefault(name, free_port())
        bind = f"--bind=127.0.0.1:{self.ports[name]}"
        self.start(name, [self.python, "-m", "gunicorn", "walkandtalk.wsgi", bind])
        if wait:
            self.wait(lambda: self.answers(name))

    def start_worker(self):
        self.start("worker", [self.python, "-m", "celery", "-A", "walkandtalk", "worker", "--concurrency=2"])

    def start_loop(self):
        self.start("loop", [self.python, "manage.py", "run_outbox"])

    def start(self, name, command, *, account=None, cwd=None):
        with open(self.log(name), "ab") as log:
            self.processes[name] = children.start(
                command,
                on_parent_death=signal.SIGKILL,
                account=account,
                env=self.environment(),
                cwd=cwd or self.project,
                output=log,
            )

    def stop(self, name):
        """Ask a process to finish, as an operator does, and return its exit code."""
        process = self.processes.pop(name)
        process.terminate()
        return process.wait(LONGEST)

    def kill(self, name, number=signal.SIGKILL):
        """Kill a process with its children, like a machine that fails. PostgreSQL ends its own children."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            (os.kill if name == "postgres" else os.killpg)(process.pid, number)
        process.wait(LONGEST)

    def freeze(self, name, number=signal.SIGSTOP):
        """Stop a process and its children where they are. They neither answer nor close a connection."""
        for process in _with_children(self.processes[name].pid):
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def thaw(self, name):
        self.freeze(name, signal.SIGCONT)

    def load_reference_data(self):
        """Load the BCUs, and give each a team that can be reached, because production closes those of examples."""
        self.manage("load_reference_data", "--verbosity=0")
        connection = psycopg2.connect(host=str(self.sockets), user=postgres.SUPERUSER, dbname=postgres.NAME)
        with closing(connection), connection, connection.cursor() as cursor:
            contacts = "inbox = lower(code) || '@walks.police.uk', duty_number = '020 7230 1212'"
            cursor.execute(f"UPDATE boroughs_boroughcommandunit SET {contacts}")

    def manage(self, *arguments, owner=False):
        """Run a management command, and return its output."""
        process = subprocess.run(
            [self.python, "manage.py", *arguments],
            cwd=self.project,
            env=self.environment(owner=owner),
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 0, process.stdout + process.stderr
        return process.stdout

    def log(self, name):
        return self.folder / f"{name}.log"

    def wait(self, condition, seconds=LONGEST):
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, f"timed out after {seconds} s\n{self._tails()}"
            time.sleep(0.02)
        return found

    def _tails(self):
        return "\n".join(f"--- {path.name}\n{path.read_text()[-1500:]}" for path in sorted(self.folder.glob("*.log")))

    # --- Visiting

    def answers(self, name="web"):
        with suppress(OSError, http.client.HTTPException):
            return self.send("GET", "/healthz", name=name)[0] == 200
        return False

    def send(self, method, path, cookies="", body=b"", *, name="web", host=HOST, timeout=30):
        """Send one request as our proxy would, on a new connection. Return its status, headers and body."""
        connection = HTTPConnection("127.0.0.1", self.ports[name], timeout=timeout)
        headers = {
            "Host": host,
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"https://{host}/",
            "X-Forwarded-For": "198.51.100.7",
            "X-Forwarded-Proto": "https",
        }
        connection.request(method, path, body, headers | ({"Cookie": cookies} if cookies else {}))
        response = connection.getresponse()
        page = response.read()
        connection.close()
        return response.status, response.getheaders(), page

    def visitor(self, name="web"):
        """Return a browser with an empty cookie jar (tests/support/journey.py)."""
        return Visitor(lambda method, path, cookies, body: self.send(method, path, cookies, body, name=name))


def _with_children(pid):
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found.extend(_with_children(int(child)))
    return found


def _listens(port):
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
