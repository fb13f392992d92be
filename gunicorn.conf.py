"""Settings of the web server, in development and in production."""

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from walkandtalk.lib.monitoring.log_lines import logging_settings

worker_class = "walkandtalk.processes.web_worker.WebWorker"
workers = 2
# Passwords may hold twelve of them and the force's sign-in four, which wait (accounts/password_tries/lanes.py).
threads = 18
# A worker accepts only what its threads can handle, so a waiting request goes to whichever worker is free first.
worker_connections = threads
# Requests that have begun may end after a SIGTERM: longer than any page takes. What stops us must wait longer still.
graceful_timeout = 30  # seconds
keepalive = 0  # seconds; an idle connection that stays open would take up one of these places
preload_app = True  # load the code once, in memory that all workers share
control_socket_disable = True
logconfig_dict = logging_settings(readable=os.environ.get("WALKANDTALK_ENV") != "production")

# The workers count requests in files here, so that one of them can report for all. In memory, if there is such a
# folder: nobody needs the counts of the last run.
METRICS_PREFIX = "walkandtalk-metrics-"
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    _in_memory = Path("/dev/shm")  # noqa: S108
    _parent = _in_memory if os.access(_in_memory, os.W_OK) else Path(tempfile.gettempdir())
    for _left in _parent.glob(f"{METRICS_PREFIX}*"):  # by a server that was killed
        try:
            os.kill(int(_left.name.split("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(_left, ignore_errors=True)
        except (PermissionError, ValueError, OverflowError):
            pass  # of a server that runs, or a folder of somebody else's
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=f"{METRICS_PREFIX}{os.getpid()}-", dir=_parent)


def when_ready(_server: object) -> None:
    """Refuse a role that could change the logs, and a restored database. Exclude loaded code from garbage collection.

    Collecting it would slow requests and copy the shared memory.
    """
    from walkandtalk.lib.database import restores, roles  # here, because Django is set up by now

    roles.require_application_role()
    restores.require_complete_database()
    gc.collect()
    gc.freeze()


def child_exit(_server: object, worker: Any) -> None:
    from prometheus_client import multiprocess  # here, because it reads the variable that is set above

    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server: object) -> None:
    folder = os.environ["PROMETHEUS_MULTIPROC_DIR"]
    if METRICS_PREFIX in folder:  # ours, and not one that somebody else made
        shutil.rmtree(folder, ignore_errors=True)
