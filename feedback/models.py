"""What women told us, and what became of it."""

import datetime
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from bookings.models import Booking, Walk
from boroughs import taxonomy
from boroughs.models import BoroughCommandUnit, Officer
from feedback.statuses import (
    BEING_DEALT_WITH,
    ENDED,
    FIXED,
    MOVES,
    TABLE,
    TO_CHECK,
    Band,
    Better,
    Feeling,
    HowOften,
    Light,
    Noted,
    State,
)
from walkandtalk.lib import london
from walkandtalk.lib.fields import EncryptedJSONField, EncryptedTextField

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

PAGE_LENGTH = 50
ASK_IF_BETTER_AFTER, ASK_IF_BETTER_WITHIN = datetime.timedelta(weeks=4), datetime.timedelta(weeks=8)


class Report(models.Model):
    """The concerns from one walk or request that were told at one time, by her or by an officer for her."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    walk = models.ForeignKey(Walk, on_delete=models.SET_NULL, null=True, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.SET_NULL, null=True, related_name="+")
    by_officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    # The same for all that one woman told us and drawn at random, so that women can be counted once she is forgotten.
    person_key = models.UUIDField(db_index=True, editable=False)
    told_at = models.DateTimeField(default=timezone.now)
    before = models.PositiveSmallIntegerField(choices=Feeling.choices, null=True)
    after = models.PositiveSmallIntegerField(choices=Feeling.choices, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feelings_go_from_1_to_5",
                condition=(Q(before=None) | Q(before__range=(1, 5))) & (Q(after=None) | Q(after__range=(1, 5))),
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """The concerns this person may read. What was diverted has left every list."""
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            of_her_bcu = Q(bcu=user.bcu_id)
            hers = of_her_bcu & Q(handler=None) | ~of_her_bcu & Q(handler=user)
            return self.filter(hers).exclude(state=State.DIVERTED)
        return self.none()

    def told_about(self, booking: Booking) -> Self:
        """What she told us, and what officers noted for her, as her own page lists it."""
        mine = self.filter(report__booking=booking).select_related("report")
        return mine.prefetch_related("events", "corrections").order_by("-told_at", "pk")

    def heard_from(self, booking: Booking) -> Self:
        """What officers noted for her, with her corrections. What was diverted is with another team."""
        noted = self.told_about(booking).filter(report__by_officer__isnull=False, forgotten_at=None)
        return noted.exclude(state=State.DIVERTED)

    def to_forget(self, now: datetime.datetime) -> Self:
        """Those told as long ago as we keep the words of any of them."""
        since = london.years_before(now, settings.KEEP_CONCERNS_YEARS)
        return self.filter(forgotten_at=None, told_at__lte=since)

    def shown_as(self, name: str) -> Self:
        """One of the lists that an inspector chooses from."""
        lists = {"to_check": TO_CHECK, "open": BEING_DEALT_WITH, "ended": ENDED}
        return self.filter(state__in=lists[name]) if name in lists else self.all()

    def for_list_page(self, *, after: "Concern | None" = None) -> list["Concern"]:
        """One page and one more, the newest first, from behind the last one of the page before."""
        says_no = BetterQuestion.objects.filter(event__concern=OuterRef("pk"), answer=Better.NO)
        still_open = Q(state__in=BEING_DEALT_WITH)
        rows = self.select_related("report").prefetch_related("corrections")
        rows = rows.annotate(is_not_better=still_open & Exists(says_no))
        if after is not None:
            rows = rows.filter(Q(told_at__lt=after.told_at) | Q(told_at=after.told_at, pk__lt=after.pk))
        return list(rows.order_by("-told_at", "-pk")[: PAGE_LENGTH + 1])

    def for_detail_page(self) -> Self:
        related = self.select_related("report__walk", "report__by_officer", "owner", "bcu", "handler__bcu")
        return related.prefetch_related(
            "report__walk__assignments__officer", "events__by", "events__better", "corrections"
        )


class Concern(models.Model):
    """One thing that worried her, or a good spot. It is checked, dealt with and answered for itself."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="concerns")
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="concerns")
    handler = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The one inspector who may know of it, where she keeps it from the BCU of that place.",
    )
    told_at = models.DateTimeField()
    kind = models.CharField(max_length=24, blank=True)
    good_spot = models.BooleanField(default=False)
    place = EncryptedTextField()
    text = EncryptedTextField()
    light = models.CharField(max_length=8, choices=Light.choices, blank=True)
    band = models.CharField(max_length=9, choices=Band.choices, blank=True)
    how_often = models.CharField(max_length=9, choices=HowOften.choices, blank=True)
    consent = models.BooleanField(default=False)
    state = models.CharField(max_length=15, choices=State.choices, default=State.REPORTED)
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    review_date = models.DateField(null=True)
    outside_reference = models.CharField(max_length=60, blank=True)
    forgotten_at = models.DateTimeField(null=True, editable=False)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["bcu", "state", "-told_at"], name="concerns_of_a_bcu"),
            models.Index(
                fields=["handler", "state", "-told_at"],
                condition=Q(handler__isnull=False),
                name="concerns_of_a_handler",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_concern_has_a_kind_or_is_a_good_spot",
                condition=Q(good_spot=True, kind="") | (Q(good_spot=False) & ~Q(kind="")),
            ),
            models.CheckConstraint(
                name="a_concern_dealt_with_has_an_owner_and_a_review_date",
                condition=~Q(state__in=sorted(BEING_DEALT_WITH)) | Q(owner__isnull=False, review_date__isnull=False),
            ),
            models.CheckConstraint(
                name="a_diverted_concern_has_an_outside_reference",
                condition=~Q(state=State.DIVERTED) | ~Q(outside_reference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_label} ({self.get_state_display()})"

    @property
    def kind_label(self) -> str:
        return taxonomy.label(self.kind)

    @property
    def team(self) -> BoroughCommandUnit:
        """The BCU that deals with it: that of the one inspector who may know of it, if there is one."""
        return (self.handler and self.handler.bcu) or self.bcu

    @property
    def date(self) -> datetime.date:
        return london.local(self.told_at).date()

    @property
    def is_corrected(self) -> bool:
        return bool(self.corrections.all())

    @property
    def words_now(self) -> "Concern | Correction":
        """Where the place and the words stand that count: her last correction, before what was noted for her."""
        return next(reversed(self.corrections.all()), self)

    @property
    def edition(self) -> int:
        """Grows with each correction of hers, which whoever decides about it has to have read."""
        return len(self.corrections.all())

    @property
    def may_be_corrected(self) -> bool:
        return self.report.by_officer_id is not None and State(self.state) in TO_CHECK | BEING_DEALT_WITH

    @property
    def state_in_words(self) -> str:
        """What she reads."""
        return str(TABLE[State(self.state)].words)

    @property
    def chapter(self) -> int:
        """Grows with all that she and we say of it, which whoever answers it has to have read."""
        return self.edition + len(self.events.all())

    def may_become(self, state: State) -> bool:
        return state in MOVES[State(self.state)]

    def officers_of_the_walk(self) -> list[Officer]:
        """Whoever was or had been given that walk, and whoever noted this: none of them checks it."""
        walk, noted_by = self.report.walk, self.report.by_officer
        walkers = [assignment.officer for assignment in walk.assignments.all()] if walk else []
        return [*walkers, noted_by] if noted_by else walkers

    def last_word_to_her(self) -> str:
        """The newest answer. Prefetch `events` for lists."""
        return next((event.to_her for event in reversed(self.events.all()) if event.to_her), "")


class Correction(models.Model):
    """She read what an officer noted for her, and says it herself. The newest counts; none is ever changed."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="corrections")
    at = models.DateTimeField(default=timezone.now)
    place = EncryptedTextField()
    text = EncryptedTextField()

    class Meta:
        ordering = ["at", "uuid"]

    def __str__(self) -> str:
        return f"{self.concern_id} {self.at:%Y-%m-%d %H:%M}"


class WalkNoteQuerySet(models.QuerySet["WalkNote"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Those of the walks that this person may know of."""
        return self.filter(walk__in=Walk.objects.visible_to(user))

    def of(self, walk: Walk) -> Self:
        """The oldest first."""
        return self.filter(walk=walk, forgotten_at=None).select_related("by", "booking__contact").order_by("at", "pk")

    def agreed_with(self, booking: Booking) -> Self:
        """Those that say what was agreed with her, which she reads."""
        return self.filter(booking=booking, forgotten_at=None).exclude(agreed_is_empty=True).order_by("at", "pk")

    def to_forget(self) -> Self:
        """They go with her details."""
        return self.filter(forgotten_at=None, booking__forgotten_at__isnull=False)


class WalkNote(models.Model):
    """Two minutes after a walk: how it was, and what was agreed with one woman on it. Saved again is one more."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    noted = EncryptedJSONField(help_text="Codes of what she tapped.")
    agreed = EncryptedTextField()
    agreed_is_empty = models.BooleanField(help_text="What is encrypted cannot be asked for being empty.")
    words = EncryptedTextField(help_text="For colleagues.")
    forgotten_at = models.DateTimeField(null=True, editable=False)

    objects = WalkNoteQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.walk_id} {self.at:%Y-%m-%d %H:%M}"

    def noted_labels(self) -> list[str]:
        return [str(Noted(code).label) for code in self.noted]


class ConcernEventQuerySet(models.QuerySet["ConcernEvent"]):
    def to_ask_about(self, now: datetime.datetime) -> Self:
        """Where something was done some weeks ago, and nobody has asked her yet whether it is better."""
        done = self.filter(to_state__in=FIXED, at__lte=now - ASK_IF_BETTER_AFTER, at__gt=now - ASK_IF_BETTER_WITHIN)
        still = done.filter(concern__state__in=FIXED, concern__forgotten_at=None, better=None)
        return still.order_by("at", "pk")


class ConcernEvent(models.Model):
    """One line of a concern's history, in three voices: for everybody, for her, for us."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    from_state = models.CharField(max_length=15, blank=True)
    to_state = models.CharField(max_length=15, choices=State.choices)
    public = models.TextField(blank=True)
    to_her = EncryptedTextField(default="")
    internal = EncryptedTextField(default="")
    done_date = models.DateField(null=True)

    objects = ConcernEventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "uuid"]
        indexes = [models.Index(fields=["at"], condition=Q(to_state__in=sorted(FIXED)), name="concerns_done")]

    def __str__(self) -> str:
        return f"{self.get_to_state_display()} {self.at:%Y-%m-%d %H:%M}"


class BetterQuestionQuerySet(models.QuerySet["BetterQuestion"]):
    def open_to(self, booking: Booking) -> Self:
        """Those that she has not answered, in the order in which concerns are locked."""
        hers = self.filter(event__concern__report__booking=booking, answer="")
        still = hers.filter(event__concern__state__in=FIXED, event__concern__forgotten_at=None)
        return still.select_related("event__concern").order_by("event__concern_id", "pk")


class BetterQuestion(models.Model):
    """She was asked, some weeks after we said that something was done, whether it is better. Once each time."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.OneToOneField(ConcernEvent, on_delete=models.CASCADE, related_name="better")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Better.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = BetterQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="whether_it_is_better_is_said_at_a_time",
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.answer}"


class Invitation(models.Model):
    """She was asked, after her walk, to tell us what worried her. Once."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.booking_id} {self.at:%Y-%m-%d %H:%M}"
