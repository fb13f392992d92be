"""`make operate-check`: tries what an operator relies on, with real servers. Prints each figure beside its promise.

Everything runs on this machine, for a limited time, and leaves no process behind. Give names to choose some subjects.
`make test` runs a small version of each.
"""

import argparse
import signal
import subprocess
import sys
from importlib import import_module

from tests.faults import results

SUBJECTS = ("frozen_database", "slow_bodies", "proxy", "restore", "release", "pgbouncer", "rotation", "monitoring")
"""Modules of this package. Each has `run(*, small)`, which returns its results."""


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.operate", description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("subjects", nargs="*", choices=[[], *SUBJECTS])
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that each run ends its processes
    if len(options.subjects) == 1:
        found = import_module(f"tests.operate.{options.subjects[0]}").run(small=options.small)
        results.show(found)
        return 0 if all(figure.is_met for figure in found) else 1
    # One after another, because each measures how long something takes; each in a process of its own.
    small = ["--small"] if options.small else []
    commands = [[sys.executable, "-m", "tests.operate", *small, name] for name in options.subjects or SUBJECTS]
    return max(subprocess.run(command, check=False).returncode for command in commands)


if __name__ == "__main__":
    sys.exit(main())
