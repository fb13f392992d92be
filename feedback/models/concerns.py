"""What women told us, and what became of it."""

import datetime
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from bookings.models.bookings import Booking
from boroughs import taxonomy
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import Officer
from feedback.statuses import (
    BEING_DEALT_WITH,
    BELONGS_TO,
    ENDED,
    MOVES,
    PASSED_TO,
    TABLE,
    TO_CHECK,
    Band,
    Better,
    Feeling,
    HowOften,
    Light,
    Partner,
    State,
)
from walkandtalk.lib import london
from walkandtalk.lib.choices import ChoiceField, IntegerChoiceField
from walkandtalk.lib.fields import EncryptedTextField
from walks.models.walks import Walk

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

PAGE_LENGTH = 50
SHOWN_TO_JOIN = 30


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
    before = IntegerChoiceField(choices=Feeling.choices, null=True)
    after = IntegerChoiceField(choices=Feeling.choices, null=True)

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
        mine = self.filter(report__booking=booking).select_related("report", "merged_into")
        return mine.prefetch_related("events", "corrections").order_by("-told_at", "pk")

    def heard_from(self, booking: Booking) -> Self:
        """What officers noted for her, with her corrections. What was diverted is with another team."""
        noted = self.told_about(booking).filter(report__by_officer__isnull=False, forgotten_at=None)
        return noted.exclude(state=State.DIVERTED)

    def to_join(self, concern: "Concern") -> list["Concern"]:
        """Those of that place that somebody deals with: the same kind first, the newest first."""
        same = {"bcu": concern.bcu_id, "handler": concern.handler_id, "good_spot": concern.good_spot}
        open_ones = self.filter(state__in=BEING_DEALT_WITH, **same).exclude(pk=concern.pk).select_related("owner")
        rows = open_ones.prefetch_related("corrections").order_by(
            Case(When(kind=concern.kind, then=0), default=1), "-told_at", "-pk"
        )
        return list(rows[:SHOWN_TO_JOIN])

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
        hers_or_joined = Q(pk=OuterRef("pk")) | Q(merged_into=OuterRef("pk"))
        says_no = Concern.objects.filter(hers_or_joined, events__better__answer=Better.NO)
        still_open = Q(state__in=BEING_DEALT_WITH)
        rows = self.select_related("report").prefetch_related("corrections")
        rows = rows.annotate(is_not_better=still_open & Exists(says_no))
        if after is not None:
            rows = rows.filter(Q(told_at__lt=after.told_at) | Q(told_at=after.told_at, pk__lt=after.pk))
        return list(rows.order_by("-told_at", "-pk")[: PAGE_LENGTH + 1])

    def for_detail_page(self) -> Self:
        related = self.select_related(
            "report__walk", "report__by_officer", "owner", "bcu", "handler__bcu", "merged_into"
        )
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
    light = ChoiceField(max_length=8, choices=Light.choices, blank=True)
    band = ChoiceField(max_length=9, choices=Band.choices, blank=True)
    how_often = ChoiceField(max_length=9, choices=HowOften.choices, blank=True)
    consent = models.BooleanField(default=False)
    state = ChoiceField(max_length=15, choices=State.choices, default=State.REPORTED)
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    review_date = models.DateField(null=True)
    outside_reference = models.CharField(max_length=60, blank=True)
    referred_to = ChoiceField(max_length=8, choices=Partner.choices, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="joined")
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
            models.CheckConstraint(
                name="a_referred_concern_says_who_has_it",
                condition=~Q(state__in=[State.NOT_OURS, State.REFERRED]) | ~Q(referred_to=""),
            ),
            models.CheckConstraint(
                name="what_is_not_ours_is_with_somebody_who_has_a_reference",
                condition=~Q(state=State.NOT_OURS) | ~Q(outside_reference=""),
            ),
            models.CheckConstraint(
                name="a_merged_concern_says_which_other_it_is_joined_with",
                condition=Q(state=State.MERGED, merged_into__isnull=False) & ~Q(merged_into=F("uuid"))
                | ~Q(state=State.MERGED) & Q(merged_into=None),
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
        if self.merged_into is not None:
            return f"{TABLE[State.MERGED].words}. {self.merged_into.state_in_words}"
        who = {State.REFERRED: PASSED_TO, State.NOT_OURS: BELONGS_TO}.get(State(self.state), {})
        return str(who[Partner(self.referred_to)] if who else TABLE[State(self.state)].words)

    @property
    def dealt_with_as(self) -> "Concern":
        """Itself, or the one that it was joined with: somebody told us the same before."""
        return self.merged_into or self

    @property
    def is_acknowledged(self) -> bool:
        """Whoever it was referred to has said that they have it."""
        return self.state == State.REFERRED and self.outside_reference != ""

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
