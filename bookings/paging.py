"""Long lists, a page at a time, by key: page 400 costs what page 1 does."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 50
OPENED_AT_ONCE = 500
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    last: UUID | int | None  # of the last row shown, where more follow


def row_of(rows: QuerySet[Row], key: UUID | int | None) -> Row | None:
    """The row after which a page begins, if there is one that this person may see."""
    return rows.filter(pk=key).first() if key else None


def page_of(
    rows: QuerySet[Row], *, by: str, after: Row | None, sealed: Callable[[Row], bool] | None = None
) -> Page[Row]:
    """The rows after that one. `rows` must be in the order of `by`, then of the primary key.

    `sealed` asks of each row what the database cannot be asked, since it is encrypted: rows are opened in their order
    until the page is full, in one query.
    """
    if after is not None:
        key = getattr(after, by)
        rows = rows.filter(Q(**{f"{by}__gt": key}) | Q(pk__gt=after.pk), **{f"{by}__gte": key})
    belonging = rows[: PAGE_SIZE + 1] if sealed is None else filter(sealed, rows.iterator(chunk_size=OPENED_AT_ONCE))
    found = list(itertools.islice(belonging, PAGE_SIZE + 1))
    return Page(found[:PAGE_SIZE], found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None)
