"""Pages of long lists by key, so that page 400 costs no more than page 1."""

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
    last: UUID | int | None  # key of the last row shown, if more rows follow


def get_cursor_row(rows: QuerySet[Row], key: UUID | int | None) -> Row | None:
    """Return the row after which a page begins, if it is one of these rows."""
    return rows.filter(pk=key).first() if key else None


def get_page(
    rows: QuerySet[Row],
    *,
    by: Sequence[str],
    after: Row | None,
    opened: Callable[[QuerySet[Row]], Iterator[UUID]] | None = None,
) -> Page[Row]:
    """Return the page of rows after `after`. `rows` must be ordered by the fields in `by`, then the primary key.

    Fields that begin with a minus are in falling order, and then so is the primary key.

    If the database cannot filter the rows, `opened` yields the keys of those that belong, until the page is full.
    """
    if after is not None:
        rows = rows_following(rows, after, by=by)
    if opened is not None:
        rows = rows.filter(pk__in=list(itertools.islice(opened(rows), PAGE_SIZE + 1)))
    page_rows = list(rows[: PAGE_SIZE + 1])
    return Page(page_rows[:PAGE_SIZE], page_rows[PAGE_SIZE - 1].pk if len(page_rows) > PAGE_SIZE else None)


def rows_following(rows: QuerySet[Row], row: Model, *, by: Sequence[str]) -> QuerySet[Row]:
    """Return the rows after this one, in the order that they have already."""
    return rows.filter(_after(row, [*by, "-pk" if by[0].startswith("-") else "pk"]))


def rows_after(rows: QuerySet[Row], row: Model, *, by: Sequence[str]) -> QuerySet[Row]:
    """Return the rows after this one, nearest first."""
    return rows.filter(_after(row, [*by, "pk"])).order_by(*by, "pk")


def rows_before(rows: QuerySet[Row], row: Model, *, by: Sequence[str]) -> QuerySet[Row]:
    """Return the rows before this one, nearest first."""
    backwards = [f"-{name}" for name in (*by, "pk")]
    return rows.filter(_after(row, backwards)).order_by(*backwards)


def _after(row: Model, order: Sequence[str]) -> Q:
    """Match rows after this one in that order. Each field bounds the next, so that an index can start there."""
    first, *rest = order
    name, way = (first[1:], "lt") if first.startswith("-") else (first, "gt")
    key = getattr(row, name)
    beyond = Q(**{f"{name}__{way}": key})
    return Q(**{f"{name}__{way}e": key}) & (beyond | _after(row, rest)) if rest else beyond
