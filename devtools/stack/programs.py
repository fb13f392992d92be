"""The programs of the stack: how each starts, becomes ready and stops."""

import http.client
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from devtools.stack import broker, children
from devtools.stack.postgres import Cluster

PYTHON: list[str | Path] = [sys.executable, "-m"]
# Work in progress finishes first: the pages, then the queue, the loop and the mail. The database stops last.
STOP_ORDER = (("prepare", "web"), ("worker", "beat"), ("loop",), ("sink",), ("redis",), ("postgres",))


@dataclass
class Program:
    name: str
    command: list[str | Path]
    ready: Callable[[], bool] = lambda: True
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout: float = 10.0  # seconds
    account: children.Account | None = None
    process: Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    start_again_at: float = 0.0


def postgres(cluster: Cluster) -> Program:
    return Program(
        "postgres",
        cluster.command(),
        ready=cluster.ready,
        stop_signal=signal.SIGINT,
        stop_timeout=30,
        account=cluster.account,
    )


def redis(binary: Path, sockets: Path) -> Program:
    return Program("redis", broker.command(binary, sockets), ready=lambda: broker.ready(sockets))


def sink(port: int, folder: Path) -> Program:
    command = [*PYTHON, "devtools.stack.sink", f"--port={port}", f"--folder={folder}"]
    return Program("sink", command, ready=lambda: _listens(port))


def prepare() -> Program:
    return Program("prepare", [*PYTHON, "devtools.stack.prepare"])


def web(port: int) -> Program:
    binds = [f"--bind={f'[{host}]' if ':' in host else host}:{port}" for _, host in addresses()]
    options = ["--config=gunicorn.conf.py", *binds, "--graceful-timeout=5"]
    return Program("web", [*PYTHON, "gunicorn", "walkandtalk.wsgi", *options], ready=lambda: _is_healthy(port))


def loop() -> Program:
    return Program("loop", [sys.executable, "manage.py", "run_outbox"], stop_timeout=45)


def worker() -> Program:
    options = ["--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
    return Program("worker", [*PYTHON, "celery", "-A", "walkandtalk", "worker", *options], stop_timeout=40)


def beat(var: Path) -> Program:
    options = [f"--schedule={var / 'beat-schedule'}", "--pidfile=", "--loglevel=INFO"]
    return Program("beat", [*PYTHON, "celery", "-A", "walkandtalk", "beat", *options])


def addresses() -> list[tuple[socket.AddressFamily, str]]:
    """Return the addresses where we listen: loopback only. `localhost` may mean either of the two."""
    loopback = [(socket.AF_INET, "127.0.0.1")]
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        loopback.append((socket.AF_INET6, "::1"))
    return loopback


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
