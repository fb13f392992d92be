"""The id that a request shares with its log lines, its messages and its error page. It is random and says nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from structlog.contextvars import bound_contextvars

HEADER = "X-Request-ID"
# nginx writes 32 digits without hyphens.
FORM = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_current: ContextVar[UUID | None] = ContextVar("request_id", default=None)


@contextmanager
def in_request(request_id: UUID) -> Iterator[None]:
    """Give this id to every log line, message and error page of the block."""
    token = _current.set(request_id)
    try:
        with bound_contextvars(request=str(request_id)):
            yield
    finally:
        _current.reset(token)


def current_request_id() -> UUID | None:
    """Return the id of this request, or None in a job or a task."""
    return _current.get()


def error_code() -> str:
    """Return the beginning of the id, which is short enough to be read out. Operators find its lines in the log."""
    request_id = _current.get()
    return "" if request_id is None else str(request_id).partition("-")[0]


def id_from_proxy(request: HttpRequest) -> UUID | None:
    """Return the id that our proxy gave to this request. Without a proxy of ours, anyone may have sent the header."""
    text = request.headers.get(HEADER, "")
    return UUID(text) if settings.TRUSTED_PROXY_COUNT and FORM.fullmatch(text) else None
