"""Limits within a time, and those that one request has reached (docs/rules.md#security-log)."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property

from walkandtalk.lib import tokens


@dataclass(frozen=True)
class RateLimit:
    """At most `limit` uses of one key in each window of time.

    If it `is_shared` by people who have nothing to do with each other, its line in the security log names nobody.
    """

    key: str
    window: datetime.timedelta
    limit: int
    is_shared: bool = False

    @property
    def key_hash(self) -> str:
        return self.key_hashes[0]

    @cached_property
    def key_hashes(self) -> list[str]:
        """The first is the one to count under. With two keys, uses may have been counted under the other."""
        return tokens.index_hmacs(self.key)

    def window_end(self, now: datetime.datetime) -> datetime.datetime:
        """Return when this key can be used again, if its limit is reached now."""
        return window_start(self.window, now) + self.window


def window_start(window: datetime.timedelta, now: datetime.datetime) -> datetime.datetime:
    """Return the start of the window in which this moment falls. Windows of one length are the same for all keys."""
    timestamp = int(now.timestamp())
    return datetime.datetime.fromtimestamp(timestamp - timestamp % int(window.total_seconds()), datetime.UTC)


_reached: ContextVar[list[RateLimit] | None] = ContextVar("reached_limits", default=None)


@contextmanager
def track_reached_limits() -> Iterator[list[RateLimit]]:
    """Collect the limits that refuse something in this block, whatever becomes of its transactions."""
    reached: list[RateLimit] = []
    token = _reached.set(reached)
    try:
        yield reached
    finally:
        _reached.reset(token)


def note_reached(limit: RateLimit) -> None:
    """Say that this limit has refused something. Jobs and commands have nobody to tell."""
    if (reached := _reached.get()) is not None:
        reached.append(limit)
