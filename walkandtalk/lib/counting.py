"""Counts for a badge, which need not be exact when they are high."""

from django.db.models import IntegerField, QuerySet, Subquery

MOST_COUNTED = 100
"""One more than a badge shows, so that it can say “99+”. Counting every row would read the whole table."""


class CountUpTo(Subquery):
    """The number of rows of a queryset, at most `MOST_COUNTED`, as one value of another query."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet) -> None:  # type: ignore[type-arg]
        super().__init__(rows.order_by().values("pk")[:MOST_COUNTED])


def badge(count: int) -> str:
    """Return the count as a badge shows it: "" for nothing, "99+" for many."""
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or "")
