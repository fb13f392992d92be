"""`python -m walkandtalk.processes.check_worker`: health check of a worker container.

Fails unless this host's worker answers. It succeeds while Redis is down: the worker waits
for it by itself, and a new one would wait no better.
"""

import sys

from celery.utils.nodenames import default_nodename
from kombu.exceptions import OperationalError

from walkandtalk.celery import app


def main() -> None:
    name = default_nodename("")
    try:
        answers = app.control.ping(destination=[name], timeout=5)
    except OperationalError:
        sys.stdout.write("Redis does not answer, so the worker cannot be asked.\n")
        return
    if not answers:
        raise SystemExit(f"{name} does not answer.")


if __name__ == "__main__":
    main()
