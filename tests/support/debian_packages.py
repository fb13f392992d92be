"""`python -m tests.support.debian_packages` lists the Debian packages that are missing for the tests.

The Makefile installs them: Chromium with its fonts, and the servers that docs/operating.md puts around the service.
"""

import os
import shutil
import sys

from tests.support.browser.chromium import missing_packages

SERVERS = {
    "h2load": "nghttp2-client",
    "nginx": "nginx-light",
    "pg_ctlcluster": "postgresql",
    "pgbackrest": "pgbackrest",
    "pgbouncer": "pgbouncer",
    "promtool": "prometheus",
    "redis-server": "redis-server",
    "shellcheck": "shellcheck",
    "systemd-analyze": "systemd",
    "wrk": "wrk",
}
"""Each program with its package."""
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])  # where Debian puts servers, for root alone


def program(name):
    """Return the path of one of the servers. A test that needs it fails with a sentence if it is missing."""
    found = shutil.which(name, path=PATH)
    assert found, f"There is no {name}. On Debian: apt-get install {SERVERS[name]}."
    return found


def missing():
    return [*missing_packages(), *(SERVERS[name] for name in SERVERS if not shutil.which(name, path=PATH))]


if __name__ == "__main__":
    sys.stdout.write(" ".join(missing()))
