"""A database is lost and restored: how long that takes, what is lost, and that nothing is sent twice or comes back.

In full with pgBackRest and its own files (deploy/), on Debian's PostgreSQL, because pgBackRest has to know the version.
The small run copies the files and the WAL of the PostgreSQL that `make run` uses.
"""

import datetime
import email
import email.policy
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg2

from devtools.stack import children, postgres, services
from tests.faults.results import Result, exactly
from tests.support.debian_packages import program
from tests.support.journey import InProcess, Visitor
from tests.support.migrated_cluster import unpack_migrated_cluster
from tests.support.production import HOST, Production

DEPLOY = services.BASE_DIR / "deploy"
LONGEST_RESTORE, MOST_LOST = 30 * 60, 5 * 60  # seconds
LINK = re.compile(r"https?://\S+")
BULK_MB, ROWS_A_MB = 400, 11000
SECONDS_OF_WORK = 75  # after the backup, because a segment of WAL leaves each minute
UNSENT = "SELECT count(*) FROM outbox_message WHERE state IN ('pending', 'retry', 'sending') AND next_at < now()"


class Copies:
    """A backup made by copying files, and a folder with the WAL."""

    name = "copied files"

    def __init__(self, folder):
        self.folder = folder
        self.variables = {}

    def archive_command(self):
        return f"cp %p {self.folder}/%f"

    def prepare(self, production):
        _give((self.folder, *_made(self.folder, "base")), production)
        unpack_migrated_cluster(production.cluster.data)
        production.cluster.create()

    def began(self, production):
        """Do nothing: the copied cluster is migrated."""

    def back_up(self, production):
        where = ["-h", production.sockets, "-U", postgres.SUPERUSER, "-D", self.folder / "base"]
        _run([production.cluster.bin / "pg_basebackup", *where, "-X", "none", "--checkpoint=fast"], production)

    def ended(self, production):
        """Do nothing: no release is newer than the backup."""

    def restore(self, production, *, until):
        data = production.cluster.data
        subprocess.run(["cp", "-a", f"{self.folder / 'base'}/.", data], check=True)
        lines = [f"restore_command = 'cp {self.folder}/%f %p'", "recovery_target_action = 'promote'"]
        with open(data / "postgresql.auto.conf", "a") as file:
            file.write("\n".join([*lines, f"recovery_target_time = '{until}'", ""]))
        (data / "recovery.signal").touch()


class PgBackRest:
    """pgBackRest with the configuration and the scripts that operators install, on Debian's PostgreSQL."""

    name = "pgBackRest"

    def __init__(self, folder):
        self.folder = folder
        options = {"CONFIG": folder / "pgbackrest.conf", "REPO1_CIPHER_PASS": "for-tests-alone"}
        options |= {"REPO1_PATH": folder / "repository", "SPOOL_PATH": folder / "spool"}
        options |= {"LOG_PATH": folder / "log", "LOCK_PATH": folder / "lock"}
        self.variables = {f"PGBACKREST_{name}": str(value) for name, value in options.items()}

    def archive_command(self):
        return f"{program('pgbackrest')} --stanza=walkandtalk archive-push %p"

    def prepare(self, production):
        shutil.copy(DEPLOY / "postgresql" / "pgbackrest.conf", self.folder)
        _give((self.folder, *_made(self.folder, "repository", "spool", "log", "lock")), production)
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        assert found, "There is no PostgreSQL of Debian. On Debian: apt-get install postgresql."
        production.cluster.bin = found[-1]
        production.cluster.create()

    def began(self, production):
        production.manage("prepare_database", "--verbosity=0", owner=True)
        _run([program("pgbackrest"), "--stanza=walkandtalk", "stanza-create"], production)

    def back_up(self, production):
        _run([DEPLOY / "backup" / "backup.sh"], production)
        _run([DEPLOY / "backup" / "check.sh"], production)

    def ended(self, production):
        production.manage("prepare_database", "--verbosity=0", owner=True)

    def restore(self, production, *, until):
        _run([DEPLOY / "backup" / "restore.sh", until], production)


def _made(folder, *names):
    for name in names:
        (folder / name).mkdir(mode=0o700)
        yield folder / name


def _give(folders, production):
    """Give the folders to the account that PostgreSQL runs as."""
    account = production.cluster.account
    for folder in folders:
        if account is not None:
            os.chown(folder, account.uid, account.gid)


def _run(command, production):
    """Run a program as PostgreSQL's account, as an operator does."""
    account, output = production.cluster.account, production.log("backups")
    with open(output, "ab") as log:
        process = children.start(
            command,
            on_parent_death=signal.SIGKILL,
            account=account,
            env=production.environment(),
            cwd=Path("/"),
            output=log,
        )
        assert process.wait() == 0, output.read_text()


class Restorable(Production):
    """Production whose WAL is archived, and whose database can be lost."""

    def __init__(self, backups_class):
        super().__init__()
        backups = self.folder / "backups"
        backups.mkdir()
        self.backups = backups_class(backups)
        self._use_cluster("first")
        archiving = {"wal_level": "replica", "archive_mode": "on", "archive_timeout": "60", "max_wal_senders": "3"}
        self.server_settings |= archiving | {"archive_command": self.backups.archive_command()}

    def __enter__(self):
        self.mail.mkdir()
        self.backups.prepare(self)
        try:
            self.start_postgres()
            self.backups.began(self)
            self.start_sink()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _use_cluster(self, name):
        (self.folder / name).mkdir()
        (self.folder / name).chmod(0o711)
        self.cluster = postgres.Cluster(self.folder / name / "postgres", self.sockets)
        where = {"PGBACKREST_PG1_PATH": self.cluster.data, "PGBACKREST_PG1_SOCKET_PATH": self.sockets}
        users = {"PGHOST": self.sockets, "PGUSER": postgres.SUPERUSER, "PGBACKREST_PG1_USER": postgres.SUPERUSER}
        # PostgreSQL's own processes inherit them, so archive_command and restore_command need no options.
        self.variables = {name: str(value) for name, value in (where | users).items()} | self.backups.variables

    def query(self, sql):
        where = {"host": str(self.sockets), "user": postgres.SUPERUSER, "dbname": postgres.NAME}
        with closing(psycopg2.connect(**where)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchone()[0]

    def lose_everything(self):
        """Lose the machine: processes, data and sockets. The mail server is another."""
        for name in set(self.processes) - {"sink"}:
            self.kill(name)
        shutil.rmtree(self.cluster.data)
        for path in self.sockets.iterdir():
            path.unlink()

    def restore(self, name, *, until):
        """Restore the newest backup into another cluster, and start it. Return the seconds until it answers."""
        began = time.monotonic()
        binaries = self.cluster.bin
        self._use_cluster(name)
        self.cluster.bin = binaries
        self.cluster.data.mkdir(mode=0o700)
        _give([self.cluster.data], self)
        self.backups.restore(self, until=until)
        self.start("postgres", self.cluster.command(self.server_settings), account=self.cluster.account, cwd=Path("/"))
        self.wait(self._is_restored, LONGEST_RESTORE)
        return time.monotonic() - began

    def _is_restored(self):
        try:
            return not self.query("SELECT pg_is_in_recovery()")
        except psycopg2.OperationalError:
            return False

    def refuses(self, *command):
        """Return whether this program refuses to start, and says what to do."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=self.project,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode != 0 and "manage.py restored" in done.stdout + done.stderr

    def wait_until_sent(self, *, after_jobs=True):
        """Wait until the loop, which has just been started, has sent everything, and perhaps run every job."""
        alive = "SELECT coalesce(max(at), 'epoch') FROM outbox_heartbeat WHERE name = 'loop'"
        began = self.query("SELECT now()")
        first = self.wait(lambda: (at := self.query(alive)) > began and at)
        if after_jobs:
            self.wait(lambda: self.query(alive) > first)  # it runs them between two signs of life
        self.wait(lambda: self.query(UNSENT) == 0)

    def archive_all(self):
        """Send the WAL until now to the archive, as a minute later would have happened anyway."""
        last = self.query("SELECT pg_walfile_name(pg_switch_wal())")
        self.wait(lambda: (self.query("SELECT last_archived_wal FROM pg_stat_archiver") or "") >= last)

    def sent(self):
        """Count the messages that the mail server has, by all that is not different each time they are written."""
        found = Counter()
        for path in self.mail.glob("*.eml"):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            text = message.get_body(("plain",)).get_content()
            found[message["To"], message["Subject"], LINK.sub("", text)] += 1
        return found


def run(*, small):
    with Restorable(Copies if small else PgBackRest) as production:
        scene = Scene(production)
        name = f"restore, {production.backups.name}"
        latest = [] if small else _restore_latest(production, scene, name)
        return latest + _restore_to_a_moment(production, scene, name)


def _restore_latest(production, scene, name):
    """The machine fails. Everything that reached the repository is restored."""
    scene.ask(3)
    rows = f"SELECT random()::text || md5(n::text) FROM generate_series(1, {BULK_MB * ROWS_A_MB}) n"
    production.query(f"CREATE TABLE bulk AS {rows}; SELECT 1")
    production.start_loop()
    production.wait_until_sent()
    production.backups.back_up(production)
    size = production.query("SELECT pg_database_size(current_database())") / 1e6
    _run([DEPLOY / "backup" / "drill.sh"], production)
    time.sleep(SECONDS_OF_WORK)
    newest = production.query("SELECT max(at) FROM outbox_heartbeat")
    scene.disconnect()
    production.lose_everything()
    seconds = production.restore("latest", until="latest")
    lost = (newest - production.query("SELECT max(at) FROM outbox_heartbeat")).total_seconds()
    production.manage("restored", "--links", "keep", "--incomplete-ledger", "--no-security-log")
    production.query("DROP TABLE bulk; SELECT 1")
    return [
        Result(name, "data lost with the machine", lost, most=MOST_LOST, unit=" s"),
        Result(name, f"{size:.0f} MB restored, per second", size / seconds, least=1, unit=" MB"),
    ]


def _restore_to_a_moment(production, scene, name):
    """Someone deletes what they shouldn't. The database goes back to the moment before that."""
    scene.ask(2)
    production.start_loop()
    production.wait_until_sent(after_jobs=False)
    production.stop("loop")
    scene.ask(2)  # these wait to be sent in the backup, and are sent after it
    production.backups.back_up(production)
    time.sleep(1)
    until = production.query("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'")
    time.sleep(1)
    production.start_loop()
    scene.ask(1)
    scene.erase_and_close()
    production.wait_until_sent()
    production.archive_all()
    sent = production.sent()
    scene.disconnect()
    production.lose_everything()

    began = time.monotonic()
    restoring = production.restore("moment", until=until)
    refused = production.refuses("manage.py", "run_outbox", "--once")
    production.backups.ended(production)
    production.manage("restored", "--links", "keep", "--security-log", str(scene.shipped))
    found = scene.look()
    production.start_loop()
    scene.ask(1)
    usable = time.monotonic() - began
    production.wait_until_sent()
    again = production.sent()
    return [
        Result(name, "from the first command until a request is accepted", usable, most=LONGEST_RESTORE, unit=" s"),
        Result(name, "of this, until PostgreSQL answers", restoring, most=LONGEST_RESTORE, unit=" s"),
        exactly(name, "the loop refuses to start before `manage.py restored`", refused, 1),
        Result(name, "messages held, because they were unsent in the backup", found["in_review"], least=2),
        exactly(name, "messages sent again", sum(again[message] - number for message, number in sent.items()), 0),
        Result(name, "new messages sent", sum(again.values()) - sum(sent.values()), least=1),
        exactly(name, "erased requesters who are back", found["erased_names"], 0),
        exactly(name, "closed accounts that are open again", found["open_accounts"], 0),
        exactly(name, "sessions that still open something", found["sessions"], 0),
    ]


class Scene:
    """The people. They use the service in this process, because starting one for each act takes seconds."""

    def __init__(self, production):
        self.production = production
        self.shipped = production.folder / "shipped.log"
        os.environ.update(production.environment())
        from django.core.management import call_command
        from django.core.wsgi import get_wsgi_application

        self.application = get_wsgi_application()
        for handler in logging.getLogger().handlers:
            handler.setLevel(logging.ERROR)  # the lines of our own visits would hide the results
        call_command("collectstatic", interactive=False, verbosity=0)
        production.load_reference_data()
        self._make_staff()

    def _make_staff(self):
        from django.contrib.sessions.backends.db import SessionStore

        from boroughs.models.bcus import BoroughCommandUnit
        from tests.support.factories import OfficerFactory

        self.leaver = OfficerFactory(bcu=BoroughCommandUnit.objects.first(), password=None)
        SessionStore().create()

    def ask(self, times):
        """Ask for walks, through every page of the form."""
        for _each in range(times):
            Visitor(ThroughOurProxy(self.application, HOST)).ask_for_a_walk()

    def erase_and_close(self):
        """A requester has her details erased, and the force no longer lets an officer in."""
        from django.utils import timezone

        from accounts.force_sign_in.actions import close_for_leaver
        from bookings.models.bookings import Booking
        from bookings.request_form.confirmation import confirm_booking
        from data_rights.erasure.actions import request_erasure
        from data_rights.erasure.jobs import erase_requested
        from walkandtalk.lib.monitoring.log_lines import JsonLines

        shipper = logging.FileHandler(self.shipped)
        shipper.setFormatter(JsonLines())
        logging.getLogger("walkandtalk.security_log").handlers = [shipper]
        booking = Booking.objects.order_by("asked_at").first()
        confirm_booking(booking)
        booking.refresh_from_db()
        request_erasure(booking)
        erase_requested(timezone.now() + datetime.timedelta(hours=25))
        self.erased = booking.pk
        close_for_leaver(self.leaver)

    def disconnect(self):
        from django.db import connection

        connection.close()

    def look(self):
        from django.contrib.sessions.models import Session

        from bookings.models.contacts import BookingContact
        from outbox.models import Message

        return {
            "erased_names": int(BookingContact.objects.get(pk=self.erased).name != ""),
            "open_accounts": type(self.leaver).objects.filter(pk=self.leaver.pk, is_active=True).count(),
            "sessions": Session.objects.count(),
            "in_review": Message.objects.filter(state="review").count(),
        }


class ThroughOurProxy(InProcess):
    """Calls the application as the proxy does, which ends TLS."""

    def _environ(self, *request):
        forwarded = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}
        return super()._environ(*request) | forwarded | {"HTTP_REFERER": f"https://{HOST}/"}
