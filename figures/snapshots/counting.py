"""Counts what happened in a quarter, with the women and walks behind each number.

A booking or concern that is kept from a BCU is in no number (docs/decisions/figures.md).
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import Combinable

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.bookings import Booking
from bookings.statuses import Status
from feedback.models.concerns import Concern, ConcernQuerySet
from feedback.models.events import ConcernEvent
from feedback.statuses import AWAITING_SCREENING, STATES_NOTIFIED_TO_REQUESTER, State
from figures.concerns.counting import BY_GROUP
from figures.counting import Percentile, Period
from figures.snapshots.measures import (
    CONCERNS,
    CONCERNS_WITHOUT_WALK,
    DAYS_TO_ANSWER,
    DAYS_TO_WALK,
    DONE,
    GROUPS,
    LONDON,
    NOT_DONE,
    PARTLY_DONE,
    REQUESTS,
    WALKS_CANCELLED,
    WALKS_HELD,
    Cell,
    Measure,
)
from figures.snapshots.rule import Counted
from walks.statuses import WalkStatus

DAY_SECONDS = 24 * 60 * 60
HELD = (WalkStatus.COMPLETED, WalkStatus.CUT_SHORT)
OUTCOMES = {
    State.RESOLVED: DONE,
    State.PARTLY_RESOLVED: PARTLY_DONE,
    State.NO_ACTION: NOT_DONE,
    State.NOT_OURS: NOT_DONE,
}
NO_CONCERN = (State.DIVERTED, State.WITHDRAWN)
"""States in which a concern is in no figure: it is sealed, or the woman asked us to stop."""
WOMEN_WHO_BOOKED = Count("contact__email_hmac", distinct=True, filter=Q(contact__email_hmac__gt=""))
"""Women without an email address, and those whose details are erased, can't be told apart, so they count as nobody."""
Behind = dict[str, Aggregate]
"""The number, the women and the walks behind it, and how long it took if that is what is published."""


def count_period(period: Period) -> dict[Cell, Counted]:
    """Return the count behind every published number, by the codes of area and figure."""
    counts = {**_bookings(period), **_concerns(period)}
    return {**counts, **_without_walk(period, counts)}


# --- Bookings ---------------------------------------------------------------------------------------------------------


def _bookings(period: Period) -> dict[Cell, Counted]:
    rows = Booking.objects.filter(nominated_inspector=None)
    confirmed = rows.filter(period.has("asked_at")).exclude(status=Status.NOT_MINE).exclude(confirmed_at=None)
    due = rows.filter(period.has("walk__start_at"))
    walked = due.filter(status=Status.COMPLETED)
    let_down = due.filter(status__in=[Status.CANCELLED_BY_US, Status.OFFICERS_ABSENT])
    walks, waited = Count("walk", distinct=True), _median(F("walk__start_at") - F("asked_at"))
    of_women: Behind = {"number": Count("pk"), "women": WOMEN_WHO_BOOKED, "walks": walks}
    of_walks: Behind = {**of_women, "number": walks}
    return dict(
        [
            *_requests(confirmed),
            *_by_area(WALKS_HELD, walked, of_walks),
            *_by_area(WALKS_CANCELLED, let_down, of_walks),
            *_by_area(DAYS_TO_WALK, walked, {**of_women, "took": waited}),
        ]
    )


def _requests(confirmed: BookingQuerySet) -> Iterator[tuple[Cell, Counted]]:
    """Count all requests, of which only those that led to a walk help to reach a limit: anyone can send requests."""
    walked = Q(status=Status.COMPLETED)
    behind: Behind = {
        "number": Count("pk", filter=walked),
        "women": Count("contact__email_hmac", distinct=True, filter=walked & Q(contact__email_hmac__gt="")),
        "walks": Count("walk", distinct=True, filter=walked),
        "shown": Count("pk"),
    }
    yield from _by_area(REQUESTS, confirmed, behind)


# --- Concerns ---------------------------------------------------------------------------------------------------------


def _concerns(period: Period) -> dict[Cell, Counted]:
    rows = _countable().filter(report__walk__status__in=HELD)
    reported = rows.filter(period.has("reported_at"))
    groups = dict(_by_group(reported))
    return dict(
        [
            *_all_groups(reported, groups),
            *groups.items(),
            *_outcomes(rows, period),
            *_answers(rows, period),
        ]
    )


def _countable() -> ConcernQuerySet:
    concerns = Concern.objects.filter(nominated_inspector=None, safe_place=False).not_being_deleted()
    return concerns.exclude(state__in=NO_CONCERN)


BEHIND_CONCERNS: Behind = {
    "number": Count("pk"),
    "women": Count("report__person_key", distinct=True, filter=Q(report__has_address=True)),
    "walks": Count("report__walk", distinct=True),
}


def _by_group(rows: ConcernQuerySet) -> Iterator[tuple[Cell, Counted]]:
    grouped = rows.annotate(group=BY_GROUP)
    for group, measure in GROUPS.items():
        yield from _by_area(measure, grouped.filter(group=group), BEHIND_CONCERNS)


def _all_groups(rows: ConcernQuerySet, groups: Mapping[Cell, Counted]) -> Iterator[tuple[Cell, Counted]]:
    """Count all concerns as the sum of their groups, which were counted a moment before."""
    for (area, figure), counted in _by_area(CONCERNS, rows, BEHIND_CONCERNS):
        number = sum(groups[area, each.code].number for each in GROUPS.values() if (area, each.code) in groups)
        yield (area, figure), replace(counted, number=number)


def _outcomes(rows: ConcernQuerySet, period: Period) -> Iterator[tuple[Cell, Counted]]:
    """Count each concern by its last outcome in the period."""
    events = ConcernEvent.objects.filter(period.has("at"), concern=OuterRef("pk"), to_state__in=OUTCOMES)
    changes = events.exclude(from_state=F("to_state")).order_by("-at", "-pk")
    ended = rows.filter(Exists(changes)).annotate(outcome=Subquery(changes.values("to_state")[:1]))
    for measure in (DONE, PARTLY_DONE, NOT_DONE):
        states = [state for state, each in OUTCOMES.items() if each is measure]
        yield from _by_area(measure, ended.filter(outcome__in=states), BEHIND_CONCERNS)


def _answers(rows: ConcernQuerySet, period: Period) -> Iterator[tuple[Cell, Counted]]:
    answers = ConcernEvent.objects.filter(concern=OuterRef("pk"), to_state__in=STATES_NOTIFIED_TO_REQUESTER)
    first = Subquery(answers.order_by("at", "pk").values("at")[:1])
    answered = rows.filter(Exists(answers.filter(period.has("at")))).annotate(answered_at=first)
    took = _median(F("answered_at") - F("reported_at"))
    yield from _by_area(DAYS_TO_ANSWER, answered.filter(period.has("answered_at")), {**BEHIND_CONCERNS, "took": took})


def _without_walk(period: Period, counts: dict[Cell, Counted]) -> dict[Cell, Counted]:
    """Count London's concerns without a walk. The women and walks behind them are those of concerns with a walk.

    So they never help to reach a threshold: one person could send ten. Only those that an inspector accepted count.
    """
    cell, with_walk = (LONDON, CONCERNS_WITHOUT_WALK.code), counts[LONDON, CONCERNS.code]
    known = Q(report__booking__isnull=False) | Q(report__is_confirmed=True)
    no_walk = Q(report__walk=None) | ~Q(report__walk__status__in=HELD)
    rows = _countable().filter(period.has("reported_at"), known, no_walk)
    accepted = rows.exclude(state__in=[*AWAITING_SCREENING, State.NO_ACTION])
    return {cell: Counted(number=accepted.count(), women=with_walk.women, walks=with_walk.walks)}


# --- Areas ------------------------------------------------------------------------------------------------------------


def _by_area(measure: Measure, rows: "QuerySet[Any]", behind: Behind) -> Iterator[tuple[Cell, Counted]]:
    """Yield the count of each BCU that has any, and London's: the sum of theirs, or a median of its own."""
    of_bcus = [(row.pop("bcu__code"), row) for row in rows.order_by().values("bcu__code").annotate(**behind)]
    of_london = rows.order_by().aggregate(**behind)
    for added in ("number", "shown"):
        if added in behind:
            of_london[added] = sum(row[added] for _bcu, row in of_bcus)
    for area, row in [(LONDON, of_london), *of_bcus]:
        yield (area, measure.code), _counted(**row)


def _counted(*, took: datetime.timedelta | None = None, **behind: int) -> Counted:
    return Counted(**behind, days=took.total_seconds() / DAY_SECONDS if took is not None else None)


def _median(duration: Combinable) -> Percentile:
    return Percentile(ExpressionWrapper(duration, output_field=DurationField()), fraction="0.5")
