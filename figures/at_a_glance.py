"""The page with which a lead begins: London at this moment, in numbers that point to nobody."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.models.bookings import Booking
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from feedback.models.concerns import Concern
from feedback.statuses import AWAITING_SCREENING
from figures.comparison import every_bcu
from figures.counting import answers_due_now, open_without_answer_due
from figures.permissions import can_compare_bcus
from figures.showing import HIDDEN_TEXT, compare_counts
from walkandtalk.lib import london
from walks.models.walks import Walk
from walks.statuses import WalkStatus

WEEK = datetime.timedelta(days=7)

Numbers = Mapping[int, int]
"""A number for each BCU, by its id. A BCU without one has 0."""


@dataclass(frozen=True)
class Column:
    """One number of each BCU and of London, in words: a small number is hidden."""

    label: str
    texts: list[str]
    total: str
    is_urgent: bool = False
    """Whether any number but 0 is bad news."""

    def cell(self, row: int) -> "Cell":
        return self._cell(self.texts[row])

    @property
    def total_cell(self) -> "Cell":
        return self._cell(self.total)

    def _cell(self, text: str) -> "Cell":
        return Cell(text, is_hidden=text == HIDDEN_TEXT, is_late=self.is_urgent and text not in ("0", HIDDEN_TEXT))


@dataclass(frozen=True)
class Cell:
    text: str
    is_hidden: bool
    is_late: bool


@require_safe
def london_today(request: OfficerRequest) -> HttpResponse:
    if not can_compare_bcus(request.user):
        raise PermissionDenied
    now, bcus = timezone.now(), every_bcu()
    columns = list(_columns(request.user, bcus, now))
    context = {
        "now": now,
        "columns": columns,
        "total": [column.total_cell for column in columns],
        "rows": [(bcu, [column.cell(number) for column in columns]) for number, bcu in enumerate(bcus)],
    }
    return render(request, "figures/london.html", context)


def _columns(user: Officer, bcus: Sequence[BoroughCommandUnit], now: datetime.datetime) -> Iterator[Column]:
    """Yield the columns, with the same number of queries for any number of BCUs.

    No number is part of another, because a difference would tell what each of them hides.
    """
    bookings = Booking.objects.in_figures_for(user)
    due = answers_due_now(bookings, now)
    walks = _count_walks(Walk.objects.in_figures_for(user), london.local(now).date())
    concerns = Concern.objects.in_figures_for(user).filter(state__in=AWAITING_SCREENING)
    women = Count("report__person_key", distinct=True)  # because one woman can report several
    yield _column("Answers overdue", bcus, {bcu: late for bcu, (late, _at_risk) in due.items()}, is_urgent=True)
    yield _column("Answers at risk", bcus, {bcu: at_risk for bcu, (_late, at_risk) in due.items()})
    yield _column("Other open requests", bcus, _by_bcu(open_without_answer_due(bookings, now)))
    yield _column("Walks today", bcus, {bcu: today for bcu, (today, _later) in walks.items()})
    yield _column("Walks in the 6 days after", bcus, {bcu: later for bcu, (_today, later) in walks.items()})
    yield _column("Women without an answer to a concern", bcus, _by_bcu(concerns, women))


def _column(label: str, bcus: Sequence[BoroughCommandUnit], numbers: Numbers, *, is_urgent: bool = False) -> Column:
    counts = [numbers.get(bcu.pk, 0) for bcu in bcus]
    texts, may_total = compare_counts(counts)
    return Column(label, texts, str(sum(counts)) if may_total else HIDDEN_TEXT, is_urgent)


def _by_bcu(rows: "QuerySet[Any]", counted: Count | None = None) -> Numbers:
    return dict(rows.order_by().values_list("bcu").annotate(number=counted or Count("pk")))


def _count_walks(walks: "QuerySet[Walk]", today: datetime.date) -> Mapping[int, tuple[int, int]]:
    """Return by BCU how many walks begin today, and in the six days after it. One query."""
    midnight = london.first_instant(today, datetime.time(0))
    tomorrow, end = (
        london.first_instant(day, datetime.time(0)) for day in (today + datetime.timedelta(days=1), today + WEEK)
    )
    coming = walks.filter(start_at__gte=midnight, start_at__lt=end).exclude(status=WalkStatus.CANCELLED)
    of_today = Count("pk", filter=Q(start_at__lt=tomorrow))
    counted = (
        coming.order_by()
        .values_list("bcu")
        .annotate(today=of_today, later=Count("pk", filter=Q(start_at__gte=tomorrow)))
    )
    return {bcu: (number, later) for bcu, number, later in counted}
