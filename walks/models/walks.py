"""Walks, and the officers assigned to them."""

import datetime
from collections.abc import Collection
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Case, Count, Exists, ExpressionWrapper, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import TruncDate

from boroughs.geography.map_points import MapPoint
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.fields import EncryptedJSONField, EncryptedTextField
from walkandtalk.lib.reading import Opened
from walks.models.recurring_walks import RecurringWalk
from walks.statuses import CHECKED_STATUSES, LIVE_STATUSES, WALK_TRANSITIONS, WalkStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

DETAILS_OPEN_BEFORE = datetime.timedelta(hours=48)
DETAILS_OPEN_AFTER = datetime.timedelta(days=7)
RECENT_WALKS = datetime.timedelta(hours=12)
START_OPEN_BEFORE = datetime.timedelta(hours=1)
REPORT_MISSED_UNTIL = datetime.timedelta(days=2)
CANNOT_MAKE_IT = "cannot_make_it"
"""Reason for leaving a walk that the officer gave."""
ACTIONS_OPEN_AFTER = datetime.timedelta(hours=2)
CHECK_BEFORE = CHECK_AFTER = datetime.timedelta(hours=2)
"""For how long before and after a walk the control room says yes (docs/rules.md#the-control-rooms-check)."""
ALERT_AFTER = datetime.timedelta(minutes=30)
ALERT_AGAIN_AFTER = datetime.timedelta(minutes=45)
LONGEST_WALK = datetime.timedelta(minutes=240)
END_AT = ExpressionWrapper(
    F("start_at") + F("minutes") * Value(datetime.timedelta(minutes=1)), output_field=models.DateTimeField()
)
SHORTEST_PERIOD = datetime.timedelta(minutes=1)
REQUESTER_WAIT = datetime.timedelta(minutes=10)
UNDO_WITHIN = datetime.timedelta(minutes=5)
"""The time in which officers may undo “Start the walk” and “Ended safely”."""


def _decided_by(inspector: Officer) -> Q:
    return Q(bcu=inspector.bcu_id, nominated_inspector=None) | Q(nominated_inspector=inspector)


class WalkQuerySet(models.QuerySet["Walk"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the walks that the user can see: their own, and for an inspector also those they decide on."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        is_assigned = Q(pk__in=Assignment.objects.filter(officer=user, is_live=True).values("walk"))
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            # Few inspectors lead walks. With both conditions PostgreSQL reads the walks of every year.
            return self.filter(_decided_by(user) | is_assigned if user.leads_walks else _decided_by(user))
        return self.filter(is_assigned) if user.role == Officer.Role.OFFICER else self.none()

    def decided_by(self, user: Officer) -> Self:
        """Return the walks that this inspector decides on: their BCU's, and those they are nominated for."""
        is_inspector = user.is_active and user.role == Officer.Role.INSPECTOR and user.bcu_id
        return self.filter(_decided_by(user)) if is_inspector else self.none()

    def in_figures_for(self, user: "Officer | AnonymousUser") -> Self:
        """Return the walks counted in a lead's figures: none that is kept from a BCU, and none for anyone else."""
        is_lead = isinstance(user, Officer) and user.is_active and user.role == Officer.Role.LEAD
        return self.filter(nominated_inspector=None) if is_lead else self.none()

    def for_officers_page(self, now: datetime.datetime) -> Self:
        """Return upcoming walks, those of the last 12 hours, and older ones that nobody has ended; earliest first."""
        recent = self.filter(start_at__gte=now - RECENT_WALKS).exclude(status=WalkStatus.CANCELLED)
        not_ended = self.filter(status__in=LIVE_STATUSES)
        # Each has an index. For one condition with "or", PostgreSQL would look through the walks of every year.
        walks = self.filter(pk__in=recent.values("pk").union(not_ended.values("pk")))
        return walks.with_bcu_and_officers().order_by("start_at", "pk")

    def with_officers_to_free(self, now: datetime.datetime) -> Self:
        """Return walks whose “Ended safely” can't be undone any more, and whose officers are still busy as planned."""
        return self.filter(status=WalkStatus.COMPLETED, undo_until__lte=now)

    def for_officer(self, officer: Officer) -> Self:
        """Return the walks this officer is assigned to, earliest first."""
        walks = self.filter(assignments__officer=officer, assignments__is_live=True)
        return walks.select_related("bcu").order_by("start_at", "pk")

    def past_end(self, since: datetime.datetime) -> Self:
        """Return walks whose planned end was at `since` or earlier, and which nobody has ended."""
        return self.filter(status__in=LIVE_STATUSES, start_at__lte=since).alias(end=END_AT).filter(end__lte=since)

    def with_actions_open_to(self, officer: "Officer | AnonymousUser", now: datetime.datetime) -> Self:
        """Return the officer's walks with open actions: from an hour before the start to two hours after the end."""
        if not isinstance(officer, Officer):
            return self.none()
        earliest, latest = now - ACTIONS_OPEN_AFTER, now + START_OPEN_BEFORE
        candidates = self.filter(start_at__gt=earliest - LONGEST_WALK, start_at__lte=latest)
        assignments = Assignment.objects.filter(officer=officer, is_live=True)
        assigned = candidates.visible_to(officer).filter(pk__in=assignments.values("walk"))
        return assigned.exclude(status=WalkStatus.CANCELLED).alias(end=END_AT).filter(end__gt=earliest)

    def not_over(self, now: datetime.datetime) -> Self:
        """Return live walks but those whose time passed without a press. Their history keeps its officers."""
        there = Q(arrived_at__isnull=False, end__gt=now - ACTIONS_OPEN_AFTER)  # nobody may have pressed “Start”
        with_her = Q(status=WalkStatus.UNDER_WAY) | Q(officer_with_requester_at__isnull=False)
        still_to_come = with_her | there | Q(end__gt=now)
        return self.filter(status__in=LIVE_STATUSES).alias(end=END_AT).filter(still_to_come)

    def going_on(self, now: datetime.datetime) -> Self:
        """Return the walks on which officers may be with a requester, or on their way (`Walk.is_going_on`)."""
        may_be_with_her = Q(status=WalkStatus.UNDER_WAY) | Q(officer_with_requester_at__isnull=False)
        return self.not_over(now).filter(may_be_with_her | Q(start_at__lte=now + START_OPEN_BEFORE))

    def with_officers_to_check(self, now: datetime.datetime) -> Self:
        """Return the walks for which the control room says yes: from two hours before the start to two hours after.

        The later of the planned and the real end counts. A walk that nobody has ended is going on, but at most until
        12 hours after its start.
        """
        since = now - CHECK_AFTER
        with_her = Q(status=WalkStatus.UNDER_WAY) | Q(officer_with_requester_at__isnull=False)
        lately_ended = Q(end__gte=since) | Q(ended_at__gte=since)
        near = self.filter(start_at__lte=now + CHECK_BEFORE, start_at__gt=now - RECENT_WALKS).alias(end=END_AT)
        return near.filter(status__in=CHECKED_STATUSES).filter(lately_ended | (Q(status__in=LIVE_STATUSES) & with_her))

    def upcoming(self, now: datetime.datetime) -> Self:
        return self.filter(status=WalkStatus.SCHEDULED, start_at__gte=now)

    def with_bcu_and_officers(self) -> Self:
        """Fetch what `live_officers` needs, in one more query."""
        return self.select_related("bcu").prefetch_related(officers_on("assignments"))

    def of_day(self, day: datetime.date) -> Self:
        """Return the walks that begin on that day in London and were not cancelled, earliest first."""
        first = london.first_instant(day, datetime.time())
        last = london.first_instant(day + datetime.timedelta(days=1), datetime.time())
        return (
            self.filter(start_at__gte=first, start_at__lt=last)
            .exclude(status=WalkStatus.CANCELLED)
            .order_by("start_at", "pk")
        )

    def short_or_with_duty_entered(self, now: datetime.datetime) -> Self:
        """Return walks short of officers, and upcoming ones over which duty was entered, earliest first.

        One query for both, because the queue shows both: see `lacks` and `has_duty_entered`.
        """
        assigned = Assignment.objects.filter(walk=OuterRef("pk"), is_live=True, walk__status=WalkStatus.SCHEDULED)
        over_it = Q(officer__duty_days__date=OuterRef("day")) | Q(pattern_changed_at__isnull=False)
        entered = assigned.filter(over_it, walk__start_at__gte=now)
        dated = self._live_with_officers_counted(now).alias(day=TruncDate("start_at", tzinfo=london.LONDON))
        walks = dated.annotate(has_duty_entered=Exists(entered))
        # What a page shows of them is the time and the officers.
        hidden = ("meeting_place", "finish_place", "map_coordinates", "officers_phrase", "requester_phrase")
        return walks.filter(Q(lacks__gt=0) | Q(has_duty_entered=True)).defer(*hidden).order_by("start_at", "pk")

    def short_of_officers(self, now: datetime.datetime) -> Self:
        """Return walks that have fewer officers than they need, earliest first."""
        return self._live_with_officers_counted(now).filter(lacks__gt=0).order_by("start_at", "pk")

    def _live_with_officers_counted(self, now: datetime.datetime) -> Self:
        """Return live walks with the number of officers that each has, needs and lacks.

        A walk is left out after its planned end, unless an officer is still with a requester.
        """
        may_concern = Q(start_at__gt=now - LONGEST_WALK) | Q(officer_with_requester_at__isnull=False)
        live = self.filter(may_concern, status__in=LIVE_STATUSES).alias(end=END_AT).select_related("bcu")
        return live.filter(Q(end__gt=now) | Q(officer_with_requester_at__isnull=False)).with_officers_counted()

    def with_officers_counted(self) -> Self:
        """Return these walks with the officers that each has (`live`), needs (`least`) and lacks."""
        there = Q(assignments__is_live=True, assignments__officer__is_active=True)
        counted = self.annotate(live=Count("assignments", filter=there, distinct=True))
        required = Case(When(one_officer_agreed_at=None, then=F("bcu__min_officers")), default=Value(1))
        return counted.annotate(least=required).annotate(lacks=F("least") - F("live"))


class Walk(models.Model):
    """A patrol with a start, a length, a meeting place and officers, for one or more bookings."""

    is_known = False
    """Whether lists may say where it meets. Only set by `known_to` (bookings/models/walk_queries.py)."""
    area = ""
    """The ward or borough of a requester on it. Set by the same query."""
    lacks: int  # of a query that counts officers, like `live` and `least`
    live: int
    least: int
    has_duty_entered: bool  # of `short_or_with_duty_entered`
    lost_officer_on_the_way: bool  # of the control room's check
    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="walks")
    nominated_inspector = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The only inspector who can see it. The BCU is then the inspector's own.",
    )
    start_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    meeting_place = EncryptedTextField()
    finish_place = EncryptedTextField()
    map_coordinates = EncryptedJSONField(null=True, help_text="The meeting place on our map: [latitude, longitude].")
    duty_number = models.CharField(max_length=30)
    officers_phrase = EncryptedTextField()
    requester_phrase = EncryptedTextField()
    capacity = models.PositiveSmallIntegerField(
        default=4, help_text="The most bookings on it, from the BCU's setting when it was created."
    )
    recurring_walk = models.ForeignKey(
        RecurringWalk,
        on_delete=models.PROTECT,
        null=True,
        related_name="walks",
        help_text="Its recurring walk.",
    )
    recurring_date = models.DateField(null=True, help_text="Its date in the recurring walk, even if it has moved.")
    version = models.PositiveIntegerField(default=1)
    status = ChoiceField(max_length=12, choices=WalkStatus.choices, default=WalkStatus.SCHEDULED)
    set_off_at = models.DateTimeField(null=True, editable=False, help_text="When the first officer set off.")
    arrived_at = models.DateTimeField(null=True, editable=False, help_text="When the first officer arrived.")
    officer_with_requester_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When the first officer said, on a walk short of officers, that a requester was with her.",
    )
    escort_began_at = models.DateTimeField(
        null=True, editable=False, help_text="When such an officer first set off to see a requester to safety."
    )
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Until when officers may undo the last press, “Start the walk” or “Ended safely”.",
    )
    one_officer_agreed_at = models.DateTimeField(
        null=True, editable=False, help_text="When every requester on it had agreed to one officer."
    )
    erased_at = models.DateTimeField(null=True, editable=False)

    places_taken: int
    """Places taken, and bookings that agreed to share, if the query counted them."""
    consents: int

    objects = WalkQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["bcu", "start_at"], name="walks_of_a_bcu"),
            models.Index(fields=["start_at"], name="walks_by_start"),
            models.Index(
                fields=["nominated_inspector", "start_at"],
                condition=Q(nominated_inspector__isnull=False),
                name="walks_by_nominated",
            ),
            models.Index(fields=["start_at"], condition=Q(status__in=sorted(LIVE_STATUSES)), name="walks_not_ended"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="walks_that_ended"),
            models.Index(
                fields=["undo_until"],
                condition=Q(undo_until__isnull=False, status=WalkStatus.COMPLETED),
                name="walks_with_officers_to_free",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=10, minutes__lte=240), name="walk_lasts_10_to_240_minutes"),
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=12), name="walk_takes_1_to_12_women"),
            models.UniqueConstraint(
                fields=["recurring_walk", "recurring_date"],
                condition=~Q(status=WalkStatus.CANCELLED),
                name="recurring_walk_is_created_once_a_date",
            ),
            models.CheckConstraint(
                condition=Q(recurring_walk=None, recurring_date=None)
                | Q(recurring_walk__isnull=False, recurring_date__isnull=False),
                name="walk_of_a_recurring_walk_has_its_date",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def details_opened(self) -> Opened:
        return Opened("walk", "walk", self.pk)

    @property
    def map_point(self) -> MapPoint | None:
        return MapPoint.from_list(self.map_coordinates)

    @property
    def known_place(self) -> str:
        """The meeting place in a list, or only its ward until the walk is the reader's (docs/rules.md#need-to-know)."""
        return self.meeting_place if self.is_known else self.area

    @property
    def end_at(self) -> datetime.datetime:
        return self.start_at + datetime.timedelta(minutes=self.minutes)

    @property
    def date(self) -> datetime.date:
        return london.local(self.start_at).date()

    def period(self) -> DateTimeTZRange:
        """Return the time for which officers are busy: from the start to the end of the gap afterwards, half open.

        The real end counts once there is one and it can't be undone any more, because an officer who undoes it is busy
        as planned. It may be before the planned start, but the time is never empty.
        """
        until = (self.ended_at or self.end_at) + datetime.timedelta(minutes=self.bcu.gap_minutes)
        if self.ended_at is not None and self.undo_until is not None:
            as_planned = self.end_at + datetime.timedelta(minutes=self.bcu.gap_minutes)
            until = max(until, as_planned, self.undo_until)
        return DateTimeTZRange(self.start_at, max(until, self.start_at + SHORTEST_PERIOD), "[)")

    def may_become(self, status: WalkStatus) -> bool:
        return status in WALK_TRANSITIONS[WalkStatus(self.status)]

    @property
    def least_officers(self) -> int:
        """The number of officers the walk needs: the BCU's minimum, or one if every requester agreed to one officer."""
        return self.bcu.min_officers if self.one_officer_agreed_at is None else 1

    def unavailable_officer_ids(self) -> set[int]:
        """Return the ids of officers who left because they cannot make this date. They may make another date."""
        withdrawn = [assignment for assignment in self.assignments.all() if assignment.left_reason == CANNOT_MAKE_IT]
        return {
            assignment.officer_id
            for assignment in withdrawn
            if london.local(assignment.period.lower).date() == self.date
        }

    def least_officers_for(self, officers: Collection[Officer]) -> int:
        """Return how many officers the walk needs if these lead it. Requesters agree to one named officer, no other."""
        return self.least_officers if set(officers) == set(self.live_officers()) else self.bcu.min_officers

    @property
    def is_short(self) -> bool:
        """Return whether the walk has fewer officers than it needs (docs/rules.md#too-few-officers)."""
        return len(self.live_officers()) < self.least_officers

    def may_be_kept_company(self, now: datetime.datetime) -> bool:
        """Allow an officer of a short walk to stay with a requester, from an hour before the start until it ends."""
        return self.is_live and self.is_short and self.may_start(now)

    @property
    def may_be_ended(self) -> bool:
        """Allow officers to end a walk that they started, or on which an officer saw a requester to safety."""
        is_escort = self.status == WalkStatus.SCHEDULED and self.escort_began_at is not None
        return is_escort or self.status == WalkStatus.UNDER_WAY

    def live_officers(self) -> list[Officer]:
        """Return the officers on this walk, by name. Prefetch them for lists (`officers_on`)."""
        live = [assignment.officer for assignment in self.assignments.all() if assignment.is_live]
        live = [officer for officer in live if officer.is_active]
        return sorted(live, key=lambda officer: (officer.name, officer.pk))

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_STATUSES

    def is_live_at(self, now: datetime.datetime) -> bool:
        return self.is_live and now < self.end_at

    def is_going_on(self, now: datetime.datetime) -> bool:
        """Return whether officers may be with a requester, or on their way: from an hour before the start."""
        is_with_her = self.status == WalkStatus.UNDER_WAY or self.officer_with_requester_at is not None
        ends_at = self.end_at + (ACTIONS_OPEN_AFTER if self.arrived_at else datetime.timedelta())
        return self.is_live and (is_with_her or (self.may_start(now) and now < ends_at))

    def may_start(self, now: datetime.datetime) -> bool:
        """Allow the start from an hour before, when the duty number is staffed. A stray tap must not start a walk."""
        return self.start_at - START_OPEN_BEFORE <= now

    @property
    def absence_allowed_at(self) -> datetime.datetime:
        """The earliest time to record a no-show: ten minutes after the start. Requesters wait as long for officers."""
        return self.start_at + REQUESTER_WAIT

    def may_be_undone(self, now: datetime.datetime) -> bool:
        """Return whether officers may still undo the last press, “Start the walk” or “Ended safely”."""
        return self.undo_until is not None and now < self.undo_until

    def may_be_recorded_absent(self, now: datetime.datetime) -> bool:
        return self.absence_allowed_at <= now

    def may_be_cut_short(self, now: datetime.datetime) -> bool:
        """Allow this once the walk has started, or should have. Before that, an officer who cannot come withdraws."""
        return self.is_live and (self.status == WalkStatus.UNDER_WAY or self.start_at <= now)

    def has_begun(self, now: datetime.datetime) -> bool:
        """Return whether officers started the walk or, if nobody pressed the button, its planned end has passed."""
        return self.status == WalkStatus.UNDER_WAY or self.end_at <= now

    def may_be_reported_missed(self, now: datetime.datetime) -> bool:
        """Allow a report that nobody came, from the start until midnight at the end of the next day."""
        return self.start_at <= now < london.to_instant(self.date + REPORT_MISSED_UNTIL, datetime.time(0))

    def are_details_visible(self, now: datetime.datetime) -> bool:
        """Show officers personal details only near the time of the walk (docs/rules.md#details-around-the-walk)."""
        return self.start_at - DETAILS_OPEN_BEFORE <= now <= self.end_at + DETAILS_OPEN_AFTER


def officers_on(assignments: str) -> "models.Prefetch[str, models.QuerySet[Assignment], str]":
    """Return how to prefetch what `live_officers` needs: the assignments at this path, each with its officer."""
    return models.Prefetch(assignments, Assignment.objects.select_related("officer"))


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Live assignments by time. The end of each period has an index, and the other conditions have none."""

    def busy_between(self, start: datetime.datetime, end: datetime.datetime) -> Self:
        """Return the assignments that keep an officer busy at some moment of this time."""
        return self.filter(period__overlap=(start, end), period__endswith__gt=start, is_live=True)

    def starting_between(self, start: datetime.datetime, end: datetime.datetime) -> Self:
        """Return the assignments to walks that begin at `start` or later and before `end`."""
        begins = Q(period__startswith__gte=start, period__startswith__lt=end)
        return self.filter(begins, period__endswith__gt=start, is_live=True)


class Assignment(models.Model):
    """One officer on one walk. While it is live, the officer cannot be on another walk at that time."""

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="assignments")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="assignments")
    period = DateTimeRangeField()
    is_live = models.BooleanField(default=True)
    left_reason = models.CharField(max_length=24, blank=True)
    pattern_changed_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When a change to the officer's weekly pattern took her off duty at the time of the walk.",
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="officer_walks_one_walk_at_a_time",
                expressions=[
                    # A range of one id, because core GiST compares ranges: no btree_gist needed.
                    (
                        Func(
                            F("officer"),
                            F("officer"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="int8range",
                        ),
                        RangeOperators.EQUAL,
                    ),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(is_live=True),
            ),
            models.UniqueConstraint(
                fields=["walk", "officer"], condition=Q(is_live=True), name="officer_is_on_a_walk_once"
            ),
        ]
        indexes = [
            models.Index("officer", "period__endswith", condition=Q(is_live=True), name="assignments_of_an_officer")
        ]

    def __str__(self) -> str:
        return f"{self.walk_id} {self.officer_id}"
