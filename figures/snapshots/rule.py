"""The one rule for every number that we publish: which may be read, and how exactly (docs/rules.md#open-figures)."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

FEWEST = 10
FEWEST_WOMEN = 5
FEWEST_WALKS = 5
STEP = 5
"""Published counts are rounded to multiples of this."""
FEWEST_HIDDEN = 2 * FEWEST
"""Hidden parts of a public total add up to this without the largest, so nobody learns that one is below FEWEST."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How often something happened, and how many different women and walks are behind it.

    What anyone could send us many times lifts nothing over a limit: then `number` is only of those with a walk, and
    `shown` of all. `days` is set if the published number is not how often but how long it took: a median.
    """

    number: int
    women: int
    walks: int
    shown: int | None = None
    days: float | None = None

    @property
    def is_enough(self) -> bool:
        return self.number >= FEWEST and self.women >= FEWEST_WOMEN and self.walks >= FEWEST_WALKS

    @property
    def published(self) -> int:
        if self.days is not None:
            return round(self.days)
        return STEP * round((self.number if self.shown is None else self.shown) / STEP)


@dataclass(frozen=True)
class Sum(Generic[Key]):
    """A count that is the sum of others, which are published beside it."""

    total: Key
    parts: tuple[Key, ...]


def publish(
    counts: Mapping[Key, Counted], sums: Sequence[Sum[Key]], follows: Mapping[Key, Key]
) -> dict[Key, int | None]:
    """Return what may be published: a rounded number, or None.

    A count is published if enough events, women and walks are behind it, and if no sum would give away one that is not.
    `follows` names for a number the count with which it is hidden: a median would tell which of two hidden counts is
    the small one.
    """
    hidden = _hide_parts(counts, sums, _hide_few(counts))
    hidden |= {key for key, count in follows.items() if count in hidden}
    return {key: None if key in hidden else count.published for key, count in counts.items()}


def _hide_few(counts: Mapping[Key, Counted]) -> set[Key]:
    return {key for key, count in counts.items() if not count.is_enough}


def _hide_parts(counts: Mapping[Key, Counted], sums: Sequence[Sum[Key]], few: set[Key]) -> set[Key]:
    """Hide others too, smallest first, until no sum gives a hidden one away."""
    hidden = set(few)
    while more := {key for each in sums for key in _next_to_hide(counts, each, hidden)}:
        hidden |= more
    return hidden


def _next_to_hide(counts: Mapping[Key, Counted], each: Sum[Key], hidden: set[Key]) -> list[Key]:
    """Return the next to hide because of this sum, or nothing if the sum gives nothing away.

    Also to someone who knows one of the hidden numbers exactly, as an inspector knows her own team's.
    """
    hidden_parts = [part for part in each.parts if part in hidden]
    numbers = sorted(counts[part].number for part in hidden_parts)
    if each.total in hidden:
        says_nothing = bool(hidden_parts)
    else:
        says_nothing = not hidden_parts or sum(numbers[:-1]) >= FEWEST_HIDDEN
    if says_nothing:
        return []
    shown = [part for part in each.parts if part not in hidden]
    return [min(shown, key=lambda part: counts[part].number, default=each.total)]
