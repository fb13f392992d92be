"""Take out of log records what logs must not contain.

A traceback shows where an error happened, and the code there. The error's own text may quote what someone typed, so it
is left out unless its type speaks of code alone. docs/monitoring.md#what-no-line-contains
"""

import logging
import os
import re
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType

import psycopg2
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.template import TemplateDoesNotExist

ABOUT_CODE = (AttributeError, ImportError, ImproperlyConfigured, NameError, NotImplementedError, TemplateDoesNotExist)
"""Errors whose text names parts of the program, never what someone typed."""
HIDDEN = "…"
RULES = [
    (re.compile(r"(?<=/)[A-Za-z0-9_-]{40,}"), HIDDEN),  # a token, which opens a requester's page
    (re.compile(r"(/[^\s?'\"]*)\?[^\s'\"]+"), rf"\1?{HIDDEN}"),  # a query string
    (re.compile(r"[^\s@<>\"'()=:/]+@[^\s@<>\"'()/]+\.[A-Za-z]{2,}"), HIDDEN),  # an email address
    (re.compile(r"^(\s*(?:DETAIL|CONTEXT|QUERY|STATEMENT):).*", re.MULTILINE), rf"\1 {HIDDEN}"),  # rows of PostgreSQL
    (re.compile(r"(Invalid request) from ip=.*", re.DOTALL), r"\1"),  # gunicorn quotes the request
]


def mask(text: str) -> str:
    for pattern, instead in RULES:
        text = pattern.sub(instead, text)
    return text


def route_of(request: HttpRequest) -> str:
    """Return the name of the address, such as triage:booking. Unlike the path it holds nothing that was typed."""
    match = request.resolver_match
    return match.view_name if match is not None else "unmatched"


class HidePersonalDetails(logging.Filter):
    """Takes tokens, addresses and the texts of errors out of a record, before any handler writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.args = _harmless(record)
        record.msg, record.args = mask(record.getMessage()), ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = mask(traceback_text(record.exc_info[1], record.exc_info[2]))
        return True


def _harmless(record: logging.LogRecord) -> "tuple[object, ...] | Mapping[str, object] | None":
    """Return the arguments of the message. Django's name the path of a request, and Celery's the text of an error."""
    args, request = record.args, getattr(record, "request", None)
    if isinstance(args, Mapping):
        return {**args, "exc": HIDDEN} if "exc" in args else args
    if isinstance(request, HttpRequest) and args:
        return tuple(route_of(request) if arg == request.path else arg for arg in args)
    return args


def traceback_text(error: BaseException, trace: TracebackType | None = None) -> str:
    """Return the traceback as Python writes it, but with no text that may quote someone."""
    parts = []
    for each in reversed(list(chain(error))):
        frames = traceback.format_tb(trace or each.__traceback__ if each is error else each.__traceback__)
        parts.append("".join(["Traceback (most recent call last):\n", *frames, describe(each)]))
    return "\nIt led to:\n".join(parts)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error, then the one that it was raised from, and so on."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def describe(error: BaseException) -> str:
    """Return the type of the error and, where it cannot hold personal details, its text."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"{name}: {text_of(error)}"


def text_of(error: BaseException) -> str:
    if isinstance(error, ABOUT_CODE):
        return str(error)
    if isinstance(error, psycopg2.Error):
        return _of_postgresql(error)
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)  # its own text may name a file or a recipient
    return HIDDEN


def _of_postgresql(error: psycopg2.Error) -> str:
    """Return which constraint refused a row, not the row. Without a code there was no connection, and it says why."""
    if error.pgcode is None:
        return str(error).strip() if isinstance(error, psycopg2.OperationalError) else HIDDEN
    broken = error.diag.constraint_name
    return f"{error.pgcode} {broken}" if broken else str(error.pgcode)
