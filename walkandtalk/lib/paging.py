"""Long lists, a page at a time, by key: page 400 costs what page 1 does."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 50
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    last: UUID | int | None  # of the last row shown, where more follow


def get_cursor_row(rows: QuerySet[Row], key: UUID | int | None) -> Row | None:
    """The row after which a page begins, if there is one that this person may see."""
    return rows.filter(pk=key).first() if key else None


def get_page(
    rows: QuerySet[Row],
    *,
    by: Sequence[str],
    after: Row | None,
    opened: Callable[[QuerySet[Row]], Iterator[UUID]] | None = None,
) -> Page[Row]:
    """The rows after that one. `rows` must be in the order of the fields of `by`, then of the primary key.

    `opened` gives the keys of those that belong, where the database cannot be asked: it is read until a page is full.
    """
    if after is not None:
        rows = rows.filter(_after(after, [*by, "pk"]))
    if opened is not None:
        rows = rows.filter(pk__in=list(itertools.islice(opened(rows), PAGE_SIZE + 1)))
    found = list(rows[: PAGE_SIZE + 1])
    return Page(found[:PAGE_SIZE], found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None)


def _after(row: Model, order: Sequence[str]) -> Q:
    """What comes after the row in that order. Each field bounds the next, so that an index is read from there."""
    first, *rest = order
    key = getattr(row, first)
    beyond = Q(**{f"{first}__gt": key})
    return Q(**{f"{first}__gte": key}) & (beyond | _after(row, rest)) if rest else beyond
