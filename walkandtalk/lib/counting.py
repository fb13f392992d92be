"""Counts for a badge, which need not be exact when they are high."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import IntegerField, QuerySet, Subquery

MOST_COUNTED = 100
"""One more than a badge shows, so that it can say “99+”. Counting every row would read the whole table."""


class CountUpTo(Subquery):
    """The number of rows of a queryset, at most `MOST_COUNTED`, as one value of another query."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(_keys(rows))


def count_each(*lists: QuerySet[Any]) -> list[int]:
    """Return the number of rows of each queryset, at most `MOST_COUNTED`, with one query for all."""
    counts: list[str] = []
    params: list[Any] = []
    for rows in lists:
        try:
            sql, values = _keys(rows).query.sql_with_params()
        except EmptyResultSet:
            counts.append("0")
            continue
        counts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  # Django made the SQL
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", params)
        return list(cursor.fetchone())


@dataclass(frozen=True)
class Tab:
    """A tab above a list, with the number of its rows as a badge."""

    label: str
    address: str
    count: str
    is_current: bool


def badge(count: int) -> str:
    """Return the count as a badge shows it: "" for nothing, "99+" for many."""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or "")


def _keys(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by().values("pk")[:MOST_COUNTED]
