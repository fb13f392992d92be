"""A migrated PostgreSQL data folder, made once and unpacked whenever a test starts a server.

It is kept in `.postgres_cache/` until a migration or a pinned package changes.
"""

import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from devtools.stack import children, postgres, services

CACHE = services.BASE_DIR / ".postgres_cache"
LONGEST_START = 60
UNSAFE_AND_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def unpack_migrated_cluster(data):
    """Fill the data folder of a cluster, as if `create` and every migration had run there."""
    data.mkdir(parents=True)
    CACHE.mkdir(exist_ok=True)
    with open(CACHE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first process makes the archive, and the others wait
        archive = CACHE / f"{_key()}.tar"
        if not archive.exists():
            for old in CACHE.glob("*.tar"):
                old.unlink()
            _make(archive)
        subprocess.run(["tar", "-xpf", archive, "-C", data], check=True)


def _key():
    """Return a key that changes with everything that defines the tables, and with the user, who owns the files."""
    patterns = ["*/migrations/*.py", "walkandtalk/lib/fields.py", "walkandtalk/lib/database/*.py", "requirements*.txt"]
    paths = [path for pattern in patterns for path in sorted(services.BASE_DIR.glob(pattern))]
    digest = hashlib.sha256(f"{os.geteuid()} {sys.version}".encode())
    for path in paths:
        digest.update(f"{path.relative_to(services.BASE_DIR)}".encode() + path.read_bytes())
    return digest.hexdigest()


def _make(archive):
    draft = archive.with_suffix(".draft")
    with tempfile.TemporaryDirectory(prefix="walkandtalk-migrated-") as folder:
        var = Path(folder)
        var.chmod(0o711)  # PostgreSQL may run as another user
        with running_cluster(var / "postgres") as cluster:
            here = services.Services(
                postgres_socket=str(cluster.sockets),
                postgres_owner=postgres.OWNER,
                postgres_user=postgres.USER,
                postgres_name=postgres.NAME,
                redis_url=None,
                smtp_port=1,
            )
            services.write(var, here)
            environment = {
                name: value
                for name, value in os.environ.items()
                if name not in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
            }
            env = environment | {
                "WALKANDTALK_ENV": "development",
                "WALKANDTALK_VAR": str(var),
                "DJANGO_SETTINGS_MODULE": "walkandtalk.settings",
            }
            command = [sys.executable, "manage.py", "prepare_database", "--verbosity=0"]
            subprocess.run(command, env=env, cwd=services.BASE_DIR, check=True)
        subprocess.run(["tar", "-cf", draft, "-C", cluster.data, "."], check=True)
    draft.rename(archive)


@contextmanager
def running_cluster(data, *, migrated=False):
    """Run a server on its own data folder, and shut it down cleanly, so that its files are complete."""
    with tempfile.TemporaryDirectory(prefix=postgres.SOCKETS_PREFIX, dir="/tmp") as sockets:
        cluster = postgres.Cluster(data, Path(sockets))
        if migrated:
            unpack_migrated_cluster(cluster.data)
        cluster.create()
        server = children.start(
            cluster.command(UNSAFE_AND_QUICK),
            on_parent_death=signal.SIGQUIT,
            account=cluster.account,
            cwd=Path("/"),
            output=subprocess.DEVNULL,
        )
        try:
            deadline = time.monotonic() + LONGEST_START
            while not cluster.ready():
                assert server.poll() is None, "PostgreSQL did not start"
                assert time.monotonic() < deadline, "PostgreSQL does not answer"
                time.sleep(0.05)
            yield cluster
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(LONGEST_START)
