"""Count what happened in a period, in the database. Only columns that survive when a booking is erased are read."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, TruncMonth

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.conditions import UNANSWERED
from bookings.models.events import NOT_UNDONE, Event
from bookings.notices.threads import REQUESTER_THREAD_PREFIX
from bookings.response_targets import answers_at_risk_until
from bookings.statuses import COUNTED_EVENT_KINDS, EventKind, Status
from outbox.models import Message
from outbox.statuses import UNDELIVERED
from walkandtalk.lib import london

Key = Any
"""The key of a count: the id of a BCU, the first day of a month, or both as one text."""
KeyOf = Callable[[str, str], Combinable]
"""A function that makes a key from the names of two columns: the time and the BCU."""

CLOSED_BY_REQUESTER = (Status.CANCELLED_BY_REQUESTER, Status.NOT_MINE, Status.EXPIRED)
WALK_MESSAGE_KINDS = ("scheduled", "changed", "change_declined", "cancelled_by_us")


FIRST_ANSWERED_AT = "response_target__first_answered_at"
FIRST_ANSWER_DUE_AT = "response_target__first_answer_due_at"
FIRST_READ_DUE_AT = "response_target__first_read_due_at"


@dataclass(frozen=True)
class Period:
    """A half-open period: from one instant up to, but not including, another."""

    since: datetime.datetime
    until: datetime.datetime

    def has(self, field: str) -> Q:
        return Q(**{f"{field}__gte": self.since, f"{field}__lt": self.until})


@dataclass
class Tally:
    """The counts of one BCU or one month."""

    requested: int = 0
    not_mine: int = 0  # of those, the ones reported as not mine or never confirmed
    read_due: int = 0
    read_in_time: int = 0
    answers: int = 0
    median: datetime.timedelta | None = None
    percentile_90: datetime.timedelta | None = None
    due: int = 0
    in_time: int = 0
    declined: int = 0
    times_passed: int = 0  # all preferred times passed before we answered
    planned: int = 0  # bookings whose walk was due to start
    walked: int = 0
    cancelled_by_us: int = 0
    officers_not_there: int = 0  # no officer came
    delivery_problems: int = 0

    @property
    def officers_absent(self) -> int:
        return self.officers_not_there + self.times_passed

    def plus(self, other: "Tally") -> "Tally":
        """Add up the counts. Leave out the waits, which cannot be added."""
        counts = [field.name for field in fields(self) if field.type is int]
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in counts})


class Percentile(Aggregate):
    function = "percentile_cont"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


WAIT = ExpressionWrapper(F(FIRST_ANSWERED_AT) - F("asked_at"), output_field=DurationField())
WAIT_STATISTICS = {
    "answers": Count("pk"),
    "median": Percentile(WAIT, fraction="0.5"),
    "percentile_90": Percentile(WAIT, fraction="0.9"),
}


def by_bcu(rows: BookingQuerySet, period: Period) -> dict[Key, Tally]:
    return _tallies(rows, period, lambda _moment, bcu: F(bcu))


def by_month_and_bcu(rows: BookingQuerySet, period: Period) -> dict[Key, dict[Key, Tally]]:
    """Return tallies by the first day of the month, then by the id of the BCU."""

    def key(moment: str, bcu: str) -> Combinable:
        return Concat(Cast(_month(moment), CharField()), Value(" "), Cast(bcu, CharField()))

    months: defaultdict[Key, dict[Key, Tally]] = defaultdict(dict)
    for text, tally in _tallies(rows, period, key).items():
        day, _midnight, bcu = text.split()
        months[datetime.date.fromisoformat(day)][int(bcu)] = tally
    return months


def waits_of_all(rows: BookingQuerySet, period: Period) -> dict[str, Any]:
    """Return the waits of all BCUs together, because medians cannot be added up."""
    return rows.filter(period.has(FIRST_ANSWERED_AT)).aggregate(**WAIT_STATISTICS)


def waits_by_month(rows: BookingQuerySet, period: Period) -> dict[Key, dict[str, Any]]:
    """Return the waits of all BCUs together, by month."""
    waits = _group(rows.filter(period.has(FIRST_ANSWERED_AT)), _month(FIRST_ANSWERED_AT), **WAIT_STATISTICS)
    return {_as_day(row.pop("key")): row for row in waits}


def _month(moment: str) -> TruncMonth:
    return TruncMonth(moment, tzinfo=london.LONDON)


def answers_due_now(rows: BookingQuerySet, now: datetime.datetime) -> dict[Key, tuple[int, int]]:
    """Return how many answers are late and how many are at risk right now, by BCU."""
    late = Q(answer_due_at__lte=now)
    answers_due = rows.filter(UNANSWERED, answer_due_at__lte=answers_at_risk_until(now)).values_list("bcu").order_by()
    counts = answers_due.annotate(late=Count("pk", filter=late), at_risk=Count("pk", filter=~late))
    return {bcu: (late, at_risk) for bcu, late, at_risk in counts}


def open_without_answer_due(rows: BookingQuerySet, now: datetime.datetime) -> BookingQuerySet:
    """Return the open requests that `answers_due_now` does not count: there is time, or it is the requester's turn."""
    return rows.awaiting_decision().exclude(UNANSWERED, answer_due_at__lte=answers_at_risk_until(now))


def _tallies(rows: BookingQuerySet, period: Period, key: KeyOf) -> dict[Key, Tally]:
    """Count everything in three queries, however many BCUs or months there are."""
    tallies: defaultdict[Key, Tally] = defaultdict(Tally)
    pairs = (
        _count_pair(
            rows.filter(period.has("asked_at")), key("asked_at", "bcu"), "requested", "not_mine", NOT_MINE_OR_EXPIRED
        ),
        _count_pair(
            _readings_due(rows, period), key(FIRST_READ_DUE_AT, "bcu"), "read_due", "read_in_time", READ_IN_TIME
        ),
        _count_pair(_answers_due(rows, period), key(FIRST_ANSWER_DUE_AT, "bcu"), "due", "in_time", IN_TIME),
        _count_pair(_events(rows, period), key("at", "booking__bcu"), "events", "times_passed", PASSED),
    )
    for of, number, of_those, some, key_of_row in pairs[0].union(*pairs[1:], all=True):
        counts = {"declined": number - some} if of == "events" else {of: number}
        _set_counts(tallies[_as_day(key_of_row)], **counts, **{of_those: some})
    for counted in (
        _group(rows.filter(period.has(FIRST_ANSWERED_AT)), key(FIRST_ANSWERED_AT, "bcu"), **WAIT_STATISTICS),
        _group(_walks(rows, period), key("walk__start_at", "bcu"), **WALKS),
    ):
        for row in counted:
            _set_counts(tallies[_as_day(row.pop("key"))], **row)
    return tallies


def _set_counts(tally: Tally, **counts: object) -> None:
    for name, count in counts.items():
        setattr(tally, name, count)


def _as_day(key: Key) -> Key:
    return key.date() if isinstance(key, datetime.datetime) else key


def _count_pair(rows: "QuerySet[Any]", key: Combinable, of: str, some: str, which: Q) -> "QuerySet[Any]":
    """Count rows, and those of them that match. Columns have the same types, so that a union makes one query."""
    labelled = rows.order_by().annotate(of=Value(of), some=Value(some), key=key).values("of", "some", "key")
    counted = labelled.annotate(number=Count("pk"), those=Count("pk", filter=which))
    pairs: QuerySet[Any] = counted.values_list("of", "number", "some", "those", "key")
    return pairs


def _group(rows: "QuerySet[Any]", key: Combinable, **counts: Aggregate) -> Iterable[dict[str, Any]]:
    grouped: Iterable[dict[str, Any]] = rows.annotate(key=key).values("key").order_by().annotate(**counts)
    return grouped


NOT_MINE_OR_EXPIRED = Q(status__in=[Status.NOT_MINE, Status.EXPIRED])
READ_IN_TIME = Q(response_target__first_read_at__lte=F(FIRST_READ_DUE_AT)) | Q(
    response_target__first_answered_at__lte=F(FIRST_READ_DUE_AT)
)
IN_TIME = Q(response_target__first_answered_at__lte=F(FIRST_ANSWER_DUE_AT))
PASSED = Q(kind=EventKind.TIMES_PASSED)
WALKS = {
    "planned": Count("pk"),
    "walked": Count("pk", filter=Q(status=Status.COMPLETED)),
    "cancelled_by_us": Count("pk", filter=Q(status=Status.CANCELLED_BY_US)),
    "officers_not_there": Count("pk", filter=Q(status=Status.OFFICERS_ABSENT)),
    "delivery_problems": Count("pk", filter=Q(was_not_informed=True)),
}


def _readings_due(rows: BookingQuerySet, period: Period) -> BookingQuerySet:
    """Return bookings due to be opened in the period, except those the requester closed before anyone opened them."""
    unread = Q(response_target__first_read_at=None, response_target__first_answered_at=None)
    return rows.filter(period.has(FIRST_READ_DUE_AT)).exclude(unread & _ended_before(FIRST_READ_DUE_AT))


def _answers_due(rows: BookingQuerySet, period: Period) -> BookingQuerySet:
    """Return bookings whose first answer was due in the period, except those the requester closed before an answer."""
    return rows.filter(period.has(FIRST_ANSWER_DUE_AT)).exclude(
        Q(response_target__first_answered_at=None) & _ended_before(FIRST_ANSWER_DUE_AT)
    )


def _ended_before(due: str) -> Q:
    closed = Event.objects.filter(booking=OuterRef("pk"), to_status=OuterRef("status"), at__lt=OuterRef(due))
    return Q(Exists(closed), status__in=CLOSED_BY_REQUESTER)


def _walks(rows: BookingQuerySet, period: Period) -> BookingQuerySet:
    """Return bookings whose walk was due to start in the period, except those that the requester cancelled."""
    with_walk = rows.filter(period.has("walk__start_at")).exclude(status=Status.CANCELLED_BY_REQUESTER)
    return with_walk.annotate(was_not_informed=_was_not_informed())


def _was_not_informed() -> Case:
    """Mark bookings whose last message about the walk did not arrive, if the requester had not heard by its start."""
    start, booking_start = OuterRef("walk__start_at"), F("walk__start_at")
    messages = Message.objects.filter(
        thread=Concat(Value(REQUESTER_THREAD_PREFIX), Cast(OuterRef("pk"), CharField())),
        kind__in=WALK_MESSAGE_KINDS,
        created_at__lt=start,
    )
    newer = Message.objects.filter(
        thread=OuterRef("thread"), number__gt=OuterRef("number"), state="sent", sent_at__lt=OuterRef(start)
    )
    lost = messages.filter(state__in=UNDELIVERED).exclude(resolved_at__lt=start).exclude(Exists(newer))
    knew = (
        Q(acknowledgement__acknowledged_at__lt=booking_start)
        | Q(acknowledgement__contacted_at__lt=booking_start)
        | Q(acknowledgement__informed_at__lt=booking_start)
    )
    return Case(When(knew, then=False), When(Exists(lost), then=True), default=False)


def _events(rows: BookingQuerySet, period: Period) -> "QuerySet[Event]":
    return Event.objects.filter(NOT_UNDONE, period.has("at"), kind__in=COUNTED_EVENT_KINDS, booking__in=rows)
