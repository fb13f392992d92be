"""Lists of lines, of which a page shows one part and a file all."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from audit.lines import Line
from walkandtalk.lib.paging import get_cursor_row, get_page

Row = TypeVar("Row", bound=Model)
CHUNK_SIZE = 500


@dataclass(frozen=True)
class LinesPage:
    lines: Sequence[Line]
    last: object
    """The key of the last row, if more follow."""
    is_first: bool


class Listing(Protocol):
    def page(self, after: str) -> LinesPage:
        """Return the lines after the row with this key, or the first ones if there is no such row."""

    def count(self, *, most: int) -> int:
        """Return how many lines there are, but at most `most`."""

    def lines(self, *, most: int) -> Iterator[Line]:
        """Yield the newest lines, at most `most`, without holding all of them in memory."""


@dataclass(frozen=True)
class RowsListing(Generic[Row]):
    """Rows of a log, newest first."""

    rows: QuerySet[Row]
    """Ordered by `by`, then by the primary key."""
    by: Sequence[str]
    in_words: Callable[[Iterable[Row]], list[Line]]

    def page(self, after: str) -> LinesPage:
        cursor = get_cursor_row(self.rows, self._key(after))
        page = get_page(self.rows, by=self.by, after=cursor)
        return LinesPage(self.in_words(page.rows), page.last, cursor is None)

    def _key(self, text: str) -> UUID | int | None:
        try:
            key: UUID | int | None = self.rows.model._meta.pk.to_python(text) if text else None
        except ValidationError:
            return None
        return key

    def count(self, *, most: int) -> int:
        return self.rows.order_by()[:most].count()

    def lines(self, *, most: int) -> Iterator[Line]:
        rows = self.rows[:most].iterator(chunk_size=CHUNK_SIZE)
        while chunk := list(itertools.islice(rows, CHUNK_SIZE)):
            yield from self.in_words(chunk)


@dataclass(frozen=True)
class ShortListing:
    """Lines that were computed, all on one page."""

    all_lines: Sequence[Line]

    def page(self, after: str) -> LinesPage:
        return LinesPage(self.all_lines, None, is_first=True)

    def count(self, *, most: int) -> int:
        return min(len(self.all_lines), most)

    def lines(self, *, most: int) -> Iterator[Line]:
        return iter(self.all_lines[:most])
