"""The whole stack, as `make run` starts it, in its own folder, for tests with a real queue and real mail."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from devtools.mail import mailbox
from devtools.stack import services
from tests.support.migrated_cluster import unpack_migrated_cluster

LONGEST_START = 90
LONGEST_STOP = 90
USUAL_IMPORTS = "from datetime import timedelta; from django.utils import timezone; "
SERVE_SHELL = "from tests.support.shell_server import serve; serve(globals())"
# Variables that say where the services are. The stack sets its own.
STACK_ENVIRONMENT = (
    *("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL"),
    *("PUBLIC_URL", "DISCREET_URL", "DJANGO_SETTINGS_MODULE"),
)


class Stack:
    """Use `with Stack() as stack:`, or call start(), stop() and finally remove(). It can start again after stop().

    Its database is migrated already, unless it starts `from_nothing`, as on a new machine. `variables` are environment
    variables of its settings.
    """

    def __init__(self, *, from_nothing=False, variables=None):
        # Not in pytest's folder: when root runs the tests, PostgreSQL runs as a user who cannot read it.
        self.folder = Path(tempfile.mkdtemp(prefix="walkandtalk stack "))
        self.folder.chmod(0o755)
        self.var = self.folder / "var"
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.discreet_url = f"http://127.0.0.1:{self.port}"
        self.output = self.folder / "output.txt"
        self.process = None
        self.shell_process = None
        self.messages = {}
        self.variables = variables or {}
        if not from_nothing:
            unpack_migrated_cluster(self.var / "postgres")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc_info):
        self.stop()
        self.remove()

    # --- Starting and stopping

    def start(self):
        self.launch()
        self.wait(lambda: "Press Ctrl-C to stop." in self.output.read_text(), LONGEST_START)

    def launch(self):
        """Start the stack without waiting."""
        with open(self.output, "wb") as output:
            command = [sys.executable, "-m", "devtools.stack", f"--port={self.port}", "--with-parent"]
            self.process = subprocess.Popen(
                command, cwd=services.BASE_DIR, env=self.environment(), stdout=output, stderr=subprocess.STDOUT
            )

    def stop(self):
        self._close_shell()
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(LONGEST_STOP)

    def kill(self):
        """Kill every process that still runs for this stack."""
        self._close_shell()
        for process in self.processes():
            process.kill()
        if self.process is not None:
            self.process.wait(LONGEST_STOP)

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder)

    def processes(self):
        """Return all processes that run for this folder, except the one behind `shell`."""
        shell = self.shell_process.pid if self.shell_process else None
        return [process for process in psutil.process_iter() if process.pid != shell and self._is_ours(process)]

    def _is_ours(self, process):
        try:
            return process.environ().get("WALKANDTALK_VAR") == str(self.var) and process.status() != "zombie"
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def wait(self, condition, seconds=30):
        """Wait until the condition is true, and return its result. A failure shows the stack's output."""
        deadline = time.monotonic() + seconds
        while not (result := condition()):
            assert time.monotonic() < deadline, f"timed out after {seconds} s\n{self.output.read_text()}"
            assert self.process.poll() is None or result, f"the stack stopped\n{self.output.read_text()}"
            time.sleep(0.05)
        return result

    # --- Stopping one service

    def hold(self, name):
        """Stop one service (redis, worker, beat, loop, sink, web, postgres) until `release`."""
        (self.var / "hold" / name).touch()
        self.wait(lambda: f"Holding {name}" in self.output.read_text())
        self.wait(lambda: not self.running(name))

    def release(self, name):
        (self.var / "hold" / name).unlink()
        self.wait(lambda: self.running(name))

    def running(self, name):
        """Return the process of one service, or None."""
        try:
            return psutil.Process(int((self.var / "run" / name).read_text()))
        except (FileNotFoundError, psutil.NoSuchProcess):
            return None

    # --- Using it

    def status(self, path="/healthz"):
        with urllib.request.urlopen(self.url + path, timeout=10) as response:
            return response.status

    def mail(self):
        """Yield every message sent, newest first. Each file is read once, because waiting checks many times."""
        names = sorted((path.name for path in (self.var / "mail").glob("*.eml")), reverse=True)
        for name in names:
            if name not in self.messages:
                self.messages[name] = mailbox.find(self.var / "mail", name).message
            yield self.messages[name]

    def wait_for_mail(self, *, to, subject="", containing="", seconds=60):
        """Return the newest message to this address whose subject and text contain these texts."""

        def found():
            return next((message for message in self.mail() if matches_message(message, to, subject, containing)), None)

        return self.wait(found, seconds)

    def manage(self, *arguments):
        """Run a management command beside the stack, and return its output."""
        command = [sys.executable, "manage.py", *arguments]
        process = subprocess.run(
            command, cwd=services.BASE_DIR, env=self.environment(), capture_output=True, text=True, check=False
        )
        assert process.returncode == 0, process.stderr
        return process.stdout

    def shell(self, code):
        """Run code against the stack's database and return its output. All models, timezone and timedelta are imported.

        One process runs all calls, because each new one would take two seconds to start.
        """
        if self.shell_process is None:
            command = [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", SERVE_SHELL]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            self.shell_process = subprocess.Popen(command, cwd=services.BASE_DIR, env=self.environment(), **pipes)
        self.shell_process.stdin.write(json.dumps(USUAL_IMPORTS + code) + "\n")
        self.shell_process.stdin.flush()
        while (printed := self.shell_process.stdout.readline()).startswith("{"):
            pass  # a line of the read log or the security log: what the shell returns is a string
        if not printed:
            self._close_shell()
            raise AssertionError("The code failed in the stack's shell. Its traceback is in the captured stderr.")
        return json.loads(printed)

    def _close_shell(self):
        if self.shell_process is not None:
            self.shell_process.communicate(timeout=LONGEST_STOP)
            self.shell_process = None

    def environment(self):
        environment = {name: value for name, value in os.environ.items() if name not in STACK_ENVIRONMENT}
        return environment | {
            "WALKANDTALK_ENV": "development",
            "WALKANDTALK_VAR": str(self.var),
            # Tests press buttons sooner than people do, and all from one network address.
            "SEND_AFTER_SECONDS": os.environ.get("SEND_AFTER_SECONDS", "0"),
            # So that tests need not wait for messages. The tests of holding and undoing in a browser set it.
            "UNDO_SECONDS": os.environ.get("UNDO_SECONDS", "0"),
            # Its teams and bookings would take seconds, and stand between those of a test.
            "DEMO_WEEK": "0",
            "LINKS_PER_NETWORK_AN_HOUR": "100000",
            "PASSWORD_CHECKS_PER_ACCOUNT": "100000",
            "REQUESTS_PER_NETWORK_AN_HOUR": os.environ.get("REQUESTS_PER_NETWORK_AN_HOUR", "100000"),
            "REQUESTS_PER_ADDRESS_A_DAY": os.environ.get("REQUESTS_PER_ADDRESS_A_DAY", "100000"),
            **self.variables,
        }


def matches_message(message, to, subject, containing):
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    return to in str(message["To"]) and subject in str(message["Subject"]) and words(containing) in words(text)


def words(text):
    """Return the text without line breaks, which an email client may change."""
    return re.sub(r"\s+", " ", text)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
