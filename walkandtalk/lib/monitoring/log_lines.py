"""Log lines: bare JSON, one object a line, so that no text of an error can look like a line of its own.

The read log and the security log go to stdout, for a log shipper, and everything else to stderr.
docs/monitoring.md#logs
"""

import json
import logging
import logging.config
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from structlog.contextvars import merge_contextvars
from structlog.processors import JSONRenderer
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger

SHIPPED = ("walkandtalk.read_log", "walkandtalk.security_log")
"""The loggers whose messages are JSON objects."""
OF_REQUESTS = ("method", "route", "status", "ms", "queries", "database_ms", "person", "neutral")
"""The fields of the line that each request has."""


class JsonLines(logging.Formatter):
    """Add the time, the level and the logger to the object of a message."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_head(record) | json.loads(record.getMessage()))


class NotShipped(logging.Filter):
    """Keeps the shipped lines from being written a second time by the handler of everything else."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.name not in SHIPPED


def begin_line(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """Put the time, the level and the logger first, and a traceback last. It was masked by the handler's filter."""
    record: logging.LogRecord = line["_record"]
    line.pop("exc_info", None)
    return {**_head(record), **line, **({"traceback": record.exc_text} if record.exc_text else {})}


def _head(record: logging.LogRecord) -> dict[str, str]:
    return {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
    }


def logging_settings(*, readable: bool) -> dict[str, Any]:
    """Return the logging of every process. With `readable`, stderr has lines for people, as in development."""
    hide = {"()": "walkandtalk.lib.monitoring.masking.HidePersonalDetails"}
    readable_lines = {"format": "{asctime} {levelname} {name} {message}", "style": "{"}
    json_lines = {
        "()": ProcessorFormatter,
        "foreign_pre_chain": [merge_contextvars, ExtraAdder(OF_REQUESTS), begin_line],
        "processors": [ProcessorFormatter.remove_processors_meta, JSONRenderer(ensure_ascii=False)],
    }
    stream = "logging.StreamHandler"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": readable_lines if readable else json_lines,
            "shipped": {"()": JsonLines},
        },
        "filters": {"hide": hide, "not_shipped": {"()": NotShipped}},
        "handlers": {
            "stderr": {"class": stream, "formatter": "lines", "filters": ["not_shipped", "hide"]},
            "shipped": {"class": stream, "stream": "ext://sys.stdout", "formatter": "shipped", "filters": ["hide"]},
        },
        "loggers": {
            **{name: {"handlers": ["shipped"]} for name in SHIPPED},
            "fido2": {"level": "WARNING"},  # it would write which passkey was used
            # Django and gunicorn would write these lines themselves, in their own form.
            **{name: {"handlers": [], "propagate": True} for name in ("django", "django.server", "gunicorn.error")},
            # Each request has one line: ours for a shipper, or Django's of those that were refused for people.
            "walkandtalk.requests": {"level": "WARNING" if readable else "INFO"},
            "django.request": {"level": "WARNING" if readable else "ERROR"},
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
    }


def configure(settings: dict[str, Any]) -> None:
    """Set up logging, so that warnings and errors that nobody catches become lines of it too."""
    logging.config.dictConfig(settings)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda error: _log_uncaught(error.exc_type, error.exc_value, error.exc_traceback)


def _log_uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error or kind(), trace)
        return
    logging.getLogger("walkandtalk").critical("The process failed", exc_info=(kind, error, trace))
