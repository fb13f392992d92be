"""Which personal details one response reads.

An encrypted field tells the current reading when it is read, so no page has to remember to log what it shows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

from walkandtalk.lib.monitoring.request_ids import current_request_id

Subject = Literal["booking", "walk", "concern"]


class Opened(NamedTuple):
    """A kind of personal detail, and the booking, walk or concern that it is about."""

    kind: str
    subject: Subject
    pk: UUID


@dataclass
class Reading:
    """What one response has read so far."""

    request_id: UUID = field(default_factory=lambda: current_request_id() or uuid4())
    opened: set[Opened] = field(default_factory=set)
    reasons: dict[UUID, str] = field(default_factory=dict)
    """Why, by booking, walk or concern, where the page says so. The first reason stays."""


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def track_reading() -> Iterator[Reading]:
    """Collect what is decrypted in this block."""
    reading = Reading()
    token = _reading.set(reading)
    try:
        yield reading
    finally:
        _reading.reset(token)


@contextmanager
def untracked() -> Iterator[None]:
    """Read details in this block to compute something that says less, such as an initial. Never to show them."""
    token = _reading.set(None)
    try:
        yield
    finally:
        _reading.reset(token)


def note_opened(opened: Opened) -> None:
    """Add to the current reading, if there is one. Jobs and requests from the public have none."""
    if (reading := _reading.get()) is not None:
        reading.opened.add(opened)


def give_reason(pk: UUID, reason: str) -> None:
    """Say why this response shows a booking, a walk or a concern, if it does."""
    if (reading := _reading.get()) is not None:
        reading.reasons.setdefault(pk, reason)


def forget_opened() -> None:
    """Forget what has been read so far to decide what to show, for a response that shows nothing of it."""
    if (reading := _reading.get()) is not None:
        reading.opened.clear()


def is_reason_given(pk: UUID) -> bool:
    """Return whether this response has said why it shows a booking, a walk or a concern."""
    reading = _reading.get()
    return reading is not None and pk in reading.reasons


def note_read(row: object) -> None:
    """Add a row whose encrypted field is being read. Its `details_opened` says what it is about."""
    if _reading.get() is not None and (opened := getattr(row, "details_opened", None)) is not None:
        note_opened(opened)
