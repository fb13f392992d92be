import datetime
from collections.abc import Collection
from typing import TYPE_CHECKING, Self, cast
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count, F, Func, Q
from django.utils import timezone

from bookings.statuses import (
    MOVES,
    OPEN,
    WALK_MOVES,
    CancelReason,
    Channel,
    DeclineReason,
    EventKind,
    Need,
    PhoneRule,
    Status,
    WalkStatus,
)
from boroughs.models import Borough, BoroughCommandUnit, Officer, Ward
from walkandtalk.lib import london, tokens
from walkandtalk.lib.fields import EncryptedJSONField, EncryptedTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

DRAFT_LIFE = datetime.timedelta(minutes=60)
DETAILS_OPEN_BEFORE = datetime.timedelta(hours=48)
DETAILS_OPEN_AFTER = datetime.timedelta(days=7)


class DraftManager(models.Manager["Draft"]):
    def open(self, cookie: str) -> "Draft | None":
        """The draft that this cookie opens, while it lives."""
        return self.filter(cookie_hash=tokens.token_hash(cookie), expires_at__gt=timezone.now()).first()

    def start(self) -> "tuple[Draft, str]":
        """A new, empty draft and the cookie that opens it."""
        cookie = tokens.new_token()
        expires_at = timezone.now() + DRAFT_LIFE
        return self.create(cookie_hash=tokens.token_hash(cookie), answers={}, expires_at=expires_at), cookie


    def discard(self, cookie: str) -> None:
        """Her answers are gone at once."""
        self.filter(cookie_hash=tokens.token_hash(cookie)).delete()


class Draft(models.Model):
    """Her answers until she sends them. One draft makes one booking."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cookie_hash = models.CharField(max_length=64, unique=True)
    answers = EncryptedJSONField()
    expires_at = models.DateTimeField(db_index=True)

    objects = DraftManager()

    def __str__(self) -> str:
        return str(self.uuid)

    @transaction.atomic
    def keep(self, question: str, answer: object, *, outdated: Collection[str] = ()) -> None:
        """Save the answer to one question, and drop those that it outdates. Her hour begins again.

        Raises DoesNotExist when she has left meanwhile, in another window.
        """
        now = Draft.objects.select_for_update().get(pk=self.pk).answers
        self._write({name: kept for name, kept in now.items() if name not in outdated} | {question: answer})

    def empty(self) -> None:
        """Forget the answers, and hold the row until the transaction ends. Raises DoesNotExist as `keep` does."""
        self._write({})

    def _write(self, answers: dict[str, object]) -> None:
        self.answers, self.expires_at = answers, timezone.now() + DRAFT_LIFE
        sealed = cast("EncryptedJSONField", self._meta.get_field("answers")).seal(answers, self)
        if not Draft.objects.filter(pk=self.pk).update(answers=sealed, expires_at=self.expires_at):
            raise Draft.DoesNotExist


class WalkQuerySet(models.QuerySet["Walk"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """The walks this person may know of: an inspector her BCU's, an officer those that she is on."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            return self.filter(bcu=user.bcu_id)
        if user.role == Officer.Role.OFFICER:
            live = Assignment.objects.filter(officer=user, is_live=True)
            return self.filter(pk__in=live.values("walk"))
        return self.none()

    def for_officers_page(self, now: datetime.datetime) -> Self:
        """Walks that have not ended long ago, the next one first."""
        since = now - datetime.timedelta(hours=12)
        upcoming = self.filter(start_at__gte=since).exclude(status=WalkStatus.CANCELLED)
        related = upcoming.select_related("bcu").prefetch_related("assignments__officer")
        return related.order_by("start_at", "pk")

    def short_of_officers(self, now: datetime.datetime) -> Self:
        """Walks to come with fewer officers than the least number of their BCU, the next one first."""
        coming = self.filter(status=WalkStatus.SCHEDULED, start_at__gte=now).select_related("bcu")
        counted = coming.annotate(live=Count("assignments", filter=Q(assignments__is_live=True)))
        short = counted.annotate(lacks=F("bcu__min_officers") - F("live")).filter(lacks__gt=0)
        return short.order_by("start_at", "pk")


class Walk(models.Model):
    """A patrol with a start, a length, a meeting place and officers. One or more bookings share it."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="walks")
    start_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    meeting_place = EncryptedTextField()
    finish_place = EncryptedTextField()
    duty_number = models.CharField(max_length=30)
    phrase_they = EncryptedTextField()
    phrase_you = EncryptedTextField()
    revision = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=12, choices=WalkStatus.choices, default=WalkStatus.SCHEDULED)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = WalkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["bcu", "start_at"], name="walks_of_a_bcu")]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=10, minutes__lte=240), name="walk_lasts_10_to_240_minutes")
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def end_at(self) -> datetime.datetime:
        return self.start_at + datetime.timedelta(minutes=self.minutes)

    @property
    def date(self) -> datetime.date:
        return london.local(self.start_at).date()

    def period(self) -> DateTimeTZRange:
        """From the start to the end of the gap after it, half open: while this lasts its officers are taken."""
        until = self.end_at + datetime.timedelta(minutes=self.bcu.gap_minutes)
        return DateTimeTZRange(self.start_at, until, "[)")

    def may_become(self, status: WalkStatus) -> bool:
        return status in WALK_MOVES[WalkStatus(self.status)]

    def is_under(self, least: int) -> bool:
        """Has this walk fewer officers than the least number of its BCU?"""
        return len(self.live_officers()) < least

    def live_officers(self) -> list[Officer]:
        """The officers on this walk, in the order of their names. Prefetch `assignments__officer` for lists."""
        live = [assignment.officer for assignment in self.assignments.all() if assignment.is_live]
        return sorted(live, key=lambda officer: (officer.name, officer.pk))

    @property
    def is_live(self) -> bool:
        return bool(WALK_MOVES[WalkStatus(self.status)])

    def may_start(self, now: datetime.datetime) -> bool:
        """From the morning of its day, so that a tap too early does not send a walk on its way."""
        return self.date <= london.local(now).date()

    def shows_details(self, now: datetime.datetime) -> bool:
        """Officers see personal details only around the walk (DESIGN 4.4)."""
        return self.start_at - DETAILS_OPEN_BEFORE <= now <= self.end_at + DETAILS_OPEN_AFTER


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """The bookings this person may know of. Anyone with no place here sees none."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            return self.filter(bcu=user.bcu_id)
        return self.none()

    def awaiting_decision(self) -> Self:
        return self.filter(status__in=[Status.WAITING, Status.OFFERED])

    def for_queue_page(self) -> Self:
        """The soonest needed first."""
        related = self.select_related("bcu", "borough", "ward", "contact", "walk__bcu")
        return related.prefetch_related("wishes", "walk__assignments__officer").order_by("needed_at", "pk")

    def for_detail_page(self) -> Self:
        related = self.select_related("bcu", "borough", "ward", "contact", "walk__bcu")
        return related.prefetch_related("wishes", "walk__assignments__officer", "events__by")


class Booking(models.Model):
    """What one woman asked for, and what became of it."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.CharField(max_length=13, unique=True, default=tokens.new_reference, editable=False)
    draft_uuid = models.UUIDField(unique=True, editable=False)
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="bookings")
    borough = models.ForeignKey(Borough, on_delete=models.PROTECT, related_name="bookings")
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, null=True, related_name="bookings")
    walk = models.ForeignKey(Walk, on_delete=models.PROTECT, null=True, related_name="bookings")
    status = models.CharField(max_length=24, choices=Status.choices, default=Status.WAITING)
    version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    needed_at = models.DateTimeField()
    weekday_evenings = models.BooleanField(default=False)
    weekends = models.BooleanField(default=False)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    calendar_uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    calendar_sequence = models.PositiveIntegerField(default=0)
    outcome_code = models.CharField(max_length=24, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["bcu", "needed_at"], condition=Q(status__in=sorted(OPEN)), name="open_bookings_of_a_bcu"
            ),
            models.Index(
                fields=["asked_at"],
                condition=Q(status=Status.WAITING, confirmed_at=None),
                name="unconfirmed_bookings",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=[Status.SCHEDULED, Status.COMPLETED]) | Q(walk__isnull=False),
                name="scheduled_or_completed_booking_has_a_walk",
            )
        ]

    def __str__(self) -> str:
        return self.spoken_reference

    @property
    def spoken_reference(self) -> str:
        """The reference in groups, as it is shown and read out."""
        return tokens.format_reference(self.reference)

    @property
    def is_open(self) -> bool:
        return Status(self.status) in OPEN

    @property
    def needs_pin(self) -> bool:
        """Where somebody else may read her post, a link alone opens nothing (PROMISES section 4)."""
        return self.channel != Channel.FULL

    def may_become(self, status: Status) -> bool:
        return status in MOVES[Status(self.status)]

    def outcome(self) -> str:
        """Why we declined or cancelled it, as she reads it after "because". Empty where there was no reason of ours."""
        reasons = {Status.DECLINED: DeclineReason, Status.CANCELLED_BY_US: CancelReason}.get(Status(self.status))
        return str(reasons(self.outcome_code).label) if reasons else ""


class BookingContact(models.Model):
    """Who she is and what she told us. Apart from the booking, so that it can be forgotten and the count stay."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    name = EncryptedTextField()
    email = EncryptedTextField()
    email_hmac = models.CharField(max_length=64, blank=True, db_index=True)
    phone = EncryptedTextField()
    phone_rules = EncryptedJSONField()
    phone_times = EncryptedTextField()
    meeting_place = EncryptedTextField()
    needs = EncryptedJSONField()
    needs_details = EncryptedTextField()
    pin_hmac = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.pk)

    def need_labels(self) -> list[str]:
        return [str(Need(code).label) for code in cast("list[str]", self.needs)]

    def phone_rule_labels(self) -> list[str]:
        return [str(PhoneRule(code).label) for code in cast("list[str]", self.phone_rules)]


class Wish(models.Model):
    """A date and start that would suit her, on a London calendar and clock."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="wishes")
    rank = models.PositiveSmallIntegerField()
    date = models.DateField()
    start = models.TimeField()

    class Meta:
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["booking", "rank"], name="one_wish_a_rank")]

    def __str__(self) -> str:
        return f"{london.long_date(self.date)}, {london.clock(self.start)}"


class Assignment(models.Model):
    """One officer on one walk. While it is live nobody else can have her then."""

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="assignments")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="assignments")
    period = DateTimeRangeField()
    is_live = models.BooleanField(default=True)
    left_reason = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="officer_walks_one_walk_at_a_time",
                expressions=[
                    # One value as a range, which core GiST compares: no btree_gist needed.
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

    def __str__(self) -> str:
        return f"{self.walk_id} {self.officer_id}"


class Event(models.Model):
    """One line of history, written in the transaction of what it tells of and never changed."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, null=True, related_name="events")
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, null=True, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    from_status = models.CharField(max_length=24, blank=True)
    to_status = models.CharField(max_length=24, blank=True)
    code = models.CharField(max_length=24, blank=True)
    note = EncryptedTextField(default="")

    class Meta:
        ordering = ["at", "uuid"]
        indexes = [models.Index(fields=["booking", "at"], name="history_of_a_booking")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class LinkManager(models.Manager["Link"]):
    def mint(self, booking: Booking, purpose: "Link.Purpose", *, expires_at: datetime.datetime) -> str:
        """A new token that opens this booking for this purpose. Only its hash is kept."""
        token = tokens.new_token()
        self.create(booking=booking, purpose=purpose, token_hash=tokens.token_hash(token), expires_at=expires_at)
        return token

    def open(self, token: str, *purposes: "Link.Purpose") -> "Link | None":
        """The link of this token, if it lives and was made for one of these purposes."""
        live = self.filter(token_hash=tokens.token_hash(token), purpose__in=purposes, revoked_at=None)
        return live.filter(expires_at__gt=timezone.now()).select_related("booking__bcu", "booking__contact", "booking__walk__bcu").first()


class Link(models.Model):
    """A link in a message. Each message mints its own."""

    class Purpose(models.TextChoices):
        PAGE = "page", "Her page"
        TELL_US = "tell_us", "Say what worried her"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = LinkManager()

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.booking_id}"


class LinkRequest(models.Model):
    """Somebody asked to have the link sent again. One row either way, so that the page cannot tell (MODEL rule 6)."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = EncryptedTextField()
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return str(self.uuid)


class RateCountManager(models.Manager["RateCount"]):
    def hit(self, key: str, *, window: datetime.timedelta) -> int:
        """Count one more of this key, and say how many there were in this window. Holds without Redis."""
        started = _window_start(window)
        row, _ = self.get_or_create(key_hash=tokens.index_hmac(key), window=started)
        self.filter(pk=row.pk).update(count=F("count") + 1)
        return self.values_list("count", flat=True).get(pk=row.pk)

    def so_far(self, key: str, *, window: datetime.timedelta) -> int:
        rows = self.filter(key_hash=tokens.index_hmac(key), window=_window_start(window))
        return rows.values_list("count", flat=True).first() or 0


def _window_start(window: datetime.timedelta) -> datetime.datetime:
    seconds = int(window.total_seconds())
    now = int(timezone.now().timestamp())
    return datetime.datetime.fromtimestamp(now - now % seconds, datetime.UTC)


class RateCount(models.Model):
    """How often something happened within one window of time. The key is hashed: it may hold an address."""

    key_hash = models.CharField(max_length=64)
    window = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    objects = RateCountManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_hash", "window"], name="one_count_a_key_and_window")]

    def __str__(self) -> str:
        return f"{self.window:%Y-%m-%d %H:%M} {self.count}"


class ReadLog(models.Model):
    """Somebody opened a personal detail. Append-only: ids and the field's name, never its content."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="reads")
    field = models.CharField(max_length=24)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.field} {self.at:%Y-%m-%d %H:%M}"
