"""Who may open a booking without a question, and how many bookings an hour (docs/rules.md#need-to-know)."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import RateCount, SecurityEvent, SecurityEventKind
from accounts.security_log import record_security_event
from bookings.models.bookings import Booking
from bookings.models.claims import Claim
from bookings.models.read_log import ReadLog
from bookings.statuses import ReadReason, Status
from boroughs.models.officers import Officer
from walks.models.walks import LONGEST_WALK, Assignment, Walk
from walks.statuses import LIVE_STATUSES

SHIFT = datetime.timedelta(hours=8)
"""How long an answer to “Why do you need her details?” holds: about as long as an inspector is on duty."""

BUDGET_PERIOD = datetime.timedelta(hours=1)
"""The time in which the bookings that a person opened, and her searches, are counted."""

NEVER_PAUSED_BEFORE_WALK = datetime.timedelta(hours=24)
"""A booking opens always, however many were opened, from this long before its walk until the walk has ended."""

GIVEN = "reason"
"""The kind of a line that says why a person needs the details. Only these lines count as answers."""


class ReasonNeeded(Exception):
    """A page is about bookings that are neither claimed by its reader nor on her walk, and she has not said why."""

    def __init__(self, bookings: Collection[UUID], *, walk: Walk | None = None) -> None:
        super().__init__(*bookings)
        self.bookings = bookings
        self.walk = walk


class Paused(Exception):
    """A person has done something so often within the hour that she has to wait, and an auditor is told."""

    kind: SecurityEventKind

    def __init__(self, resumes_at: datetime.datetime) -> None:
        super().__init__(resumes_at)
        self.resumes_at = resumes_at


class ReadingPaused(Paused):
    """She has opened as many bookings as one person needs in an hour."""

    kind = SecurityEventKind.READING_PAUSED


class SearchingPaused(Paused):
    """She has searched as often as one person needs in an hour."""

    kind = SecurityEventKind.SEARCHING_PAUSED


@dataclass(frozen=True)
class _Access:
    """What one person has to do with one booking."""

    pk: UUID
    is_hers: bool
    is_on_walk: bool
    given_reason: str | None
    was_opened: bool
    """Within `BUDGET_PERIOD`."""
    is_near: bool
    opened_count: int | None
    """The number of bookings that she opened within `BUDGET_PERIOD`. The same in every row."""

    @property
    def counts(self) -> bool:
        """Return whether opening it is one more booking within the hour."""
        return not (self.was_opened or self.is_near or self.is_on_walk)


def check_need_to_know(bookings: Collection[UUID], *, by: Officer, walk: Walk | None = None) -> dict[UUID, ReadReason]:
    """Return why this person opens each booking that is not hers, as she said within the last shift. One query.

    Raise ReasonNeeded if she hasn't said, and ReadingPaused if she has opened too many.
    """
    access = _access(bookings, by)
    _check_budget(access, by)
    not_hers = [row for row in access if not (row.is_hers or row.is_on_walk)]
    given = {row.pk: ReadReason(row.given_reason) for row in not_hers if row.given_reason is not None}
    if unanswered := [row.pk for row in not_hers if row.pk not in given]:
        raise ReasonNeeded(unanswered, walk=walk)
    return given


def may_open_at_once(bookings: Collection[UUID], *, by: Officer) -> frozenset[UUID]:
    """Return those of these bookings that are this person's, or for which she gave a reason within the shift."""
    access = _access(bookings, by) if bookings else []
    return frozenset(row.pk for row in access if row.is_hers or row.is_on_walk or row.given_reason is not None)


def check_reading_budget(bookings: Collection[UUID], *, by: Officer) -> None:
    """Raise ReadingPaused if with these bookings this person would have opened too many within the hour.

    Call it in the transaction that writes their lines: two presses at the same moment wait for one another.
    """
    RateCount.objects.lock_key(f"reads {by.pk}")
    _check_budget(_access(bookings, by), by)


def check_search_budget(by: Officer) -> None:
    """Raise SearchingPaused after too many searches within the hour.

    Call it in the transaction that logs the search.
    """
    RateCount.objects.lock_key(f"searches {by.pk}")
    searched = _events_lately(by, SecurityEventKind.SEARCHED, SecurityEventKind.SEARCHED_BY_NAME)
    at = list(searched.order_by("at").values_list("at", flat=True))
    if len(at) >= settings.SEARCHES_PER_PERSON_AN_HOUR:
        raise SearchingPaused(at[-settings.SEARCHES_PER_PERSON_AN_HOUR] + BUDGET_PERIOD)


@transaction.atomic
def record_pause(paused: Paused, *, by: Officer) -> None:
    """Tell the auditor, at most once within the hour."""
    RateCount.objects.lock_key(f"{paused.kind} {by.pk}")
    if not _events_lately(by, paused.kind).exists():
        record_security_event(paused.kind, officer=by)


def _events_lately(by: Officer, *kinds: SecurityEventKind) -> QuerySet[SecurityEvent]:
    return SecurityEvent.objects.filter(kind__in=kinds, officer=by, at__gt=timezone.now() - BUDGET_PERIOD)


def _check_budget(access: list[_Access], by: Officer) -> None:
    new = sum(row.counts for row in access)
    budget = settings.BOOKINGS_PER_PERSON_AN_HOUR
    if new and (access[0].opened_count or 0) + new > budget:
        raise ReadingPaused(_resumes_at(by, free=min(new, budget)))


def _resumes_at(by: Officer, *, free: int) -> datetime.datetime:
    """Return when so many more bookings open again, if she opens none of the others until then."""
    last_opened = _reads_lately(by).values("booking").annotate(last=Max("at")).order_by("-last")
    oldest: datetime.datetime = last_opened.values_list("last", flat=True)[settings.BOOKINGS_PER_PERSON_AN_HOUR - free]
    return oldest + BUDGET_PERIOD


def _reads_lately(by: Officer) -> QuerySet[ReadLog]:
    return ReadLog.objects.filter(officer=by, at__gt=timezone.now() - BUDGET_PERIOD, booking__isnull=False)


def _access(bookings: Collection[UUID], by: Officer) -> list[_Access]:
    now, lately = timezone.now(), _reads_lately(by)
    answers = ReadLog.objects.filter(booking=OuterRef("pk"), officer=by, kinds__contains=[GIVEN], at__gt=now - SHIFT)
    count = lately.values("officer").annotate(count=Count("booking", distinct=True)).values("count")
    rows = Booking.objects.filter(pk__in=bookings).annotate(
        is_hers=Exists(Claim.objects.filter(booking=OuterRef("pk"), officer=by)) | Q(nominated_inspector=by),
        is_on_walk=Exists(Assignment.objects.filter(walk=OuterRef("walk"), officer=by, is_live=True)),
        given_reason=Subquery(answers.order_by("-at").values("reason")[:1]),
        was_opened=Exists(lately.filter(booking=OuterRef("pk"))),
        is_near=_is_near(now),
        opened_count=Subquery(count),
    )
    fields = ("pk", "is_hers", "is_on_walk", "given_reason", "was_opened", "is_near", "opened_count")
    return [_Access(*row) for row in rows.values_list(*fields)]


def _is_near(now: datetime.datetime) -> Q:
    """The booking has a walk within a day, or under way. One that we cancelled counts, because she may go there."""
    soon = now + NEVER_PAUSED_BEFORE_WALK
    is_coming = Q(walk__start_at__gt=now - LONGEST_WALK, walk__start_at__lte=soon)
    is_live = Q(walk__status__in=LIVE_STATUSES) & (is_coming | Q(walk__started_at__isnull=False))
    may_be_going = Q(status=Status.CANCELLED_BY_US, walk_needed_at__gt=now - LONGEST_WALK, walk_needed_at__lte=soon)
    return is_live | may_be_going
