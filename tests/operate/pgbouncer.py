"""The service behind pgbouncer in transaction mode, as deploy/postgresql/pgbouncer.ini sets it up."""

import configparser
import json
import os
import random
import shutil
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import psycopg2

from devtools.stack import postgres, services
from tests.faults.results import Result, exactly
from tests.support.production import Production
from tests.support.stack import free_port

SHIPPED = services.BASE_DIR / "deploy" / "postgresql" / "pgbouncer.ini"
BINARY = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
PASSWORD = "for-tests-alone"
POOL_SIZES = {"walkandtalk_web": 3, "walkandtalk_jobs": 2}
MOST_CONNECTIONS = sum(POOL_SIZES.values())
VISITORS = 40
EXPECTED = {
    "walkandtalk_web": {"statement_timeout": "5s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "10s"},
    "walkandtalk_jobs": {
        "statement_timeout": "1min",
        "lock_timeout": "36s",
        "idle_in_transaction_session_timeout": "2min",
    },
}
OF_BOTH = {"join_collapse_limit": "4", "random_page_cost": "1.1", "TimeZone": "UTC", "enable_sort": "on"}
LONGER_THAN_A_PAGE = 5.5  # seconds


def run(*, small):
    # Another time zone than the service's, which must not come through either.
    with Production(server_settings={"timezone": "Europe/London"}) as production:
        pooler = Pooler(production)
        production.start_redis()
        production.variables = pooler.variables("walkandtalk_web")
        production.load_reference_data()
        production.start_web()
        production.variables = pooler.variables("walkandtalk_jobs")
        production.start_worker()
        production.start_loop()
        production.variables = pooler.variables("walkandtalk_web")
        return _use(production, pooler, rounds=1 if small else 10)


def _use(production, pooler, *, rounds):
    with Watchers(pooler) as watchers, ThreadPoolExecutor(2) as sleepers, ThreadPoolExecutor(VISITORS) as visitors:
        sleeps = {name: sleepers.submit(pooler.sleep, name, LONGER_THAN_A_PAGE) for name in POOL_SIZES}
        asked = [visitors.submit(_ask, production) for _each in range(VISITORS * rounds)]
        work = _staff_work(production)
        errors = [error for each in asked if (error := each.result())]
    sent = len(asked) - len(errors)
    production.wait(lambda: len(list(production.mail.glob("*.eml"))) >= sent)
    run = f"{VISITORS} visitors, {len(asked)} requests, {MOST_CONNECTIONS} connections to PostgreSQL"
    print(*errors[:3], *work["errors"], sep="\n", end="", file=sys.stderr)
    return [
        exactly(run, "requests for a walk that failed", len(errors), 0),
        exactly(run, "of a booking’s journey, staff pages, iterators and jobs: failed", len(work["errors"]), 0),
        Result(run, "pages and jobs tried", work["tried"], least=60),
        Result(run, "connections to PostgreSQL, at most", watchers.most_connections, most=MOST_CONNECTIONS),
        Result(run, "settings looked at", watchers.looked, least=200),
        exactly(run, "settings that were not those of the entry", sum(watchers.wrong.values()), 0),
        exactly(run, "a page’s statement of 5.5 s was cancelled", sleeps["walkandtalk_web"].result(), 1),
        exactly(run, "a job’s statement of 5.5 s was cancelled", sleeps["walkandtalk_jobs"].result(), 0),
        exactly(run, "the owner’s startup options were refused", pooler.refuses_options(), 1),
    ]


def _ask(production):
    try:
        production.visitor().ask_for_a_walk()
    except (AssertionError, OSError) as error:
        return repr(error)
    return ""


def _staff_work(production):
    process = subprocess.run(
        [sys.executable, "-m", "tests.operate.staff_work"],
        cwd=production.project,
        env=production.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-3000:]
    return json.loads(process.stdout.splitlines()[-1])


class Pooler:
    """Debian's pgbouncer with the shipped configuration, but for addresses, paths and the sizes of its pools."""

    def __init__(self, production):
        self.production = production
        self.port = free_port()
        self.folder = production.folder / "pgbouncer"
        self.folder.mkdir()
        (self.folder / "userlist.txt").write_text(f'"{postgres.USER}" "{self._require_password()}"\n')
        (self.folder / "pgbouncer.ini").write_text(self._configuration())
        account = production.cluster.account
        if account is not None:
            for path in (self.folder, *self.folder.iterdir()):
                os.chown(path, account.uid, account.gid)
        production.start("pgbouncer", [BINARY, self.folder / "pgbouncer.ini"], account=account)
        production.wait(self._answers)

    def _require_password(self):
        """Let PostgreSQL ask the application's role for a password, as it does elsewhere. Return its SCRAM secret."""
        file = self.production.cluster.data / "pg_hba.conf"
        file.write_text(f"local all {postgres.USER} scram-sha-256\n{file.read_text()}")
        with closing(self._superuser()) as connection, connection.cursor() as cursor:
            cursor.execute(f"ALTER ROLE {postgres.USER} PASSWORD '{PASSWORD}'")
            cursor.execute("SELECT pg_reload_conf()")
            cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [postgres.USER])
            return cursor.fetchone()[0]

    def _configuration(self):
        shipped = configparser.ConfigParser(interpolation=None)
        shipped.read(SHIPPED)
        shipped["pgbouncer"].update(
            {
                "listen_port": str(self.port),
                "auth_file": str(self.folder / "userlist.txt"),
                "logfile": "",
                "pidfile": "",
            }
        )
        for name, size in POOL_SIZES.items():
            entry = shipped["databases"][name].replace("host=127.0.0.1 port=5432", f"host={self.production.sockets}")
            shipped["databases"][name] = " ".join(
                f"pool_size={size}" if part.startswith("pool_size=") else part for part in entry.split(" ")
            )
        sections = (
            [f"[{name}]", *(f"{key} = {value}" for key, value in shipped[name].items())] for name in shipped.sections()
        )
        return "\n".join(line for section in sections for line in section)

    def variables(self, entry):
        url = f"postgres://{postgres.USER}:{PASSWORD}@127.0.0.1:{self.port}/{entry}"
        return {"DATABASE_URL": url, "DATABASE_POOLER": "1"}

    def connect(self, entry, **options):
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.port, user=postgres.USER, password=PASSWORD, dbname=entry, **options
        )
        connection.autocommit = True
        return connection

    def sleep(self, entry, seconds):
        """Return 1 if PostgreSQL cancels a statement that takes so long, or 0."""
        with closing(self.connect(entry)) as connection, connection.cursor() as cursor:
            try:
                cursor.execute("SELECT pg_sleep(%s)", [seconds])
            except psycopg2.errors.QueryCanceled:
                return 1
            return 0

    def refuses_options(self):
        """Return 1 if a client that sends options is refused, and doesn't go on without its time-outs."""
        try:
            self.connect("walkandtalk_web", options="-c statement_timeout=1s").close()
        except psycopg2.OperationalError as error:
            return int("unsupported startup parameter" in str(error))
        return 0

    def count_connections(self):
        with closing(self._superuser()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [postgres.USER])
            return cursor.fetchone()[0]

    def _superuser(self):
        connection = psycopg2.connect(host=str(self.production.sockets), user=postgres.SUPERUSER, dbname=postgres.NAME)
        connection.autocommit = True
        return connection

    def _answers(self):
        with suppress(psycopg2.OperationalError):
            self.connect("walkandtalk_web").close()
            return True
        return False


class Watchers:
    """Clients of both entries that look at settings again and again, and now and then change one for a transaction."""

    def __init__(self, pooler, *, clients=4):
        self.pooler = pooler
        self.is_over = threading.Event()
        self.wrong = Counter()
        self.looked = self.most_connections = 0
        entries = [entry for entry in POOL_SIZES for _each in range(clients)]
        self.threads = [threading.Thread(target=self._look, args=[entry]) for entry in entries]
        self.threads.append(threading.Thread(target=self._count))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exc_info):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def _look(self, entry):
        expected = EXPECTED[entry] | OF_BOTH
        with closing(self.pooler.connect(entry)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT set_config('TimeZone', 'UTC', false)")  # as Django does; pgbouncer keeps it for us
            while not self.is_over.wait(0.1):
                name = random.choice(list(expected))
                cursor.execute(f"SHOW {name}")
                self.wrong[entry, name] += cursor.fetchone()[0] != expected[name]
                self.looked += 1
                cursor.execute("BEGIN; SET LOCAL lock_timeout = '7s'; SET LOCAL enable_sort = off; COMMIT")

    def _count(self):
        while not self.is_over.wait(0.1):
            self.most_connections = max(self.most_connections, self.pooler.count_connections())
