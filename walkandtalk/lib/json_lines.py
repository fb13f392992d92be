"""Log lines for a log shipper: bare JSON, one object a line, on stdout. Nothing else that we log goes there.

So no text of an error can look like a line of a log, whatever an attacker puts into it.
"""

import json
import logging
from datetime import UTC, datetime

SHIPPED = ("walkandtalk.read_log", "walkandtalk.security_log")
"""The loggers whose messages are JSON objects."""


class JsonLines(logging.Formatter):
    """Add the time, the level and the logger to the object of a message."""

    def format(self, record: logging.LogRecord) -> str:
        head = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        return json.dumps(head | json.loads(record.getMessage()))


class NotShipped(logging.Filter):
    """Keeps the shipped lines from being written a second time by the handler of everything else."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.name not in SHIPPED
