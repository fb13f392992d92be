"""Reports, their concerns, and requesters' corrections."""

import datetime
import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.legal_holds import LegalHold
from boroughs import taxonomy
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer, OfficerQuerySet
from feedback.statuses import (
    ACTIVE_STATES,
    AWAITING_SCREENING,
    CLOSED_STATES,
    JOINED_STATES,
    TRANSITIONS,
    UNSETTLED_STATES,
    Feeling,
    FollowUpAnswer,
    HowOften,
    Light,
    State,
    TimeOfDay,
    words_for_requester,
)
from walkandtalk.lib import london
from walkandtalk.lib.choices import ChoiceField, IntegerChoiceField
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.paging import rows_after, rows_before
from walkandtalk.lib.reading import Opened
from walks.models.walks import Assignment, Walk, officers_on

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

REFERENCE_LENGTH = 8
PAGE_LENGTH = 50


UNOWNED = (
    Q(owner=None)
    | Q(owner__is_active=False)
    | ~Q(owner__role=Officer.Role.INSPECTOR)
    | Q(nominated_inspector=None) & ~Q(owner__bcu=F("bcu"))
    | Q(nominated_inspector__isnull=False) & ~Q(owner=F("nominated_inspector"))
)
"""Nobody owns the concern, or the inspector who does can no longer open it. `Concern.current_owner` says the same."""


class Report(models.Model):
    """Concerns submitted together: by a requester, by an officer for her, or by someone who asked for no walk.

    Without a booking, `contact` says how we may write to her.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    walk = models.ForeignKey(Walk, on_delete=models.SET_NULL, null=True, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.SET_NULL, null=True, related_name="+")
    by_officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    borough = models.ForeignKey(Borough, on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, null=True, related_name="+")
    # A random key shared by all reports of one requester, so that requesters can be counted after erasure.
    person_key = models.UUIDField(db_index=True, editable=False)
    reported_at = models.DateTimeField(default=timezone.now)
    before = IntegerChoiceField(choices=Feeling.choices, null=True)
    after = IntegerChoiceField(choices=Feeling.choices, null=True)
    has_address = models.BooleanField(
        default=False,
        editable=False,
        help_text="Whether we knew an email address, so that her reports have one key. Without one, each has its own.",
    )
    is_confirmed = models.BooleanField(
        default=False,
        editable=False,
        help_text="Without a booking: whether someone opened the link in our email and said that it was her.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feelings_go_from_1_to_5",
                condition=(Q(before=None) | Q(before__range=(1, 5))) & (Q(after=None) | Q(after__range=(1, 5))),
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def team(self) -> BoroughCommandUnit:
        """The team that she can ring: of a report without a booking, the BCU of the place."""
        team = self.booking.team if self.booking is not None else self.borough.bcu
        if team is None:
            raise ValueError("A borough without a BCU has no reports.")
        return team


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return the concerns that this person can see. Diverted concerns are in no list.

        Once the requester has asked us to delete her details, hers are hidden until their words are erased.
        """
        if not isinstance(user, Officer) or not user.is_active:
            return self.none()
        if user.role == Officer.Role.INSPECTOR and user.bcu_id:
            of_her_bcu = Q(bcu=user.bcu_id)
            hers = of_her_bcu & Q(nominated_inspector=None) | ~of_her_bcu & Q(nominated_inspector=user)
            shown = self.filter(hers).exclude(state=State.DIVERTED)
            return shown.not_being_deleted()
        return self.none()

    def not_being_deleted(self) -> Self:
        """Leave out concerns whose requester asked us to delete her details, until their words are erased."""
        return self.exclude(report__booking__erasure_due_at__isnull=False, erased_at=None)

    def in_figures_for(self, user: "Officer | AnonymousUser") -> Self:
        """Return the concerns counted in a lead's figures: none that is kept from a BCU, and none for anyone else."""
        is_lead = isinstance(user, Officer) and user.is_active and user.role == Officer.Role.LEAD
        return self.filter(nominated_inspector=None) if is_lead else self.none()

    def submitted_for(self, booking: Booking) -> Self:
        """Return everything the requester or an officer for her submitted, as her page lists it."""
        return self.filter(report__booking=booking).for_requesters_page()

    def for_requesters_page(self) -> Self:
        rows = self.select_related("report", "improvement__partner").prefetch_related("events", "corrections")
        return rows.order_by("-reported_at", "pk")

    def recorded_for(self, booking: Booking) -> Self:
        """Return what officers recorded for the requester, with her corrections, except diverted concerns."""
        noted = self.submitted_for(booking).filter(report__by_officer__isnull=False, erased_at=None)
        return noted.exclude(state=State.DIVERTED)

    def to_improve_with(self, concern: "Concern") -> list["Concern"]:
        """Return the accepted concerns at the same place that have joined no improvement yet, the newest first."""
        if concern.reported_place_id is None:
            return []
        can_follow = [state for state in ACTIVE_STATES if state == concern.state or concern.state in TRANSITIONS[state]]
        there = self.filter(reported_place=concern.reported_place_id, improvement=None, state__in=can_follow)
        return list(there.exclude(pk=concern.pk).order_by("-reported_at", "-pk")[:PAGE_LENGTH])

    def unchecked_beside(self, concern: "Concern") -> Self:
        """Return the others at the same place that nobody has accepted or refused yet."""
        there = self.filter(reported_place=concern.reported_place_id, reported_place__isnull=False, safe_place=False)
        return there.filter(state__in=AWAITING_SCREENING).exclude(pk=concern.pk)

    def due_for_erasure(self, now: datetime.datetime) -> Self:
        """Return concerns past their retention period, of bookings that no legal hold keeps."""
        since = london.years_before(now, settings.KEEP_CONCERNS_YEARS)
        held = LegalHold.objects.active(now).filter(booking=OuterRef("report__booking"))
        return self.filter(~Exists(held), erased_at=None, reported_at__lte=since)

    def for_tab(self, name: str, *, user: Officer | None = None) -> Self:
        """Return the concerns of one tab of the list. The tab "mine" is empty without a user."""
        lists = {
            "to_check": Q(state__in=AWAITING_SCREENING),
            "open": Q(state__in=ACTIVE_STATES),
            "mine": Q(state__in=UNSETTLED_STATES, owner=user) if user else Q(pk__in=[]),
            "nobodys": Q(state__in=UNSETTLED_STATES, improvement=None) & UNOWNED,
            "ended": Q(state__in=CLOSED_STATES),
        }
        return self.filter(lists[name]) if name in lists else self.all()

    def next_to(self, concern: "Concern") -> tuple["Concern | None", "Concern | None"]:
        """Return the concerns before and after this one in the order of the list, even if it has left the list."""
        newer, older = rows_after(self, concern, by=["reported_at"]), rows_before(self, concern, by=["reported_at"])
        return newer.first(), older.first()

    def with_reference(self, prefix: int) -> Self:
        """Return the concern whose key begins with these bits (`Concern.reference`)."""
        bits = 128 - 4 * REFERENCE_LENGTH
        return self.filter(pk__gte=uuid.UUID(int=prefix << bits), pk__lte=uuid.UUID(int=(prefix + 1 << bits) - 1))

    def for_list_page(self, *, after: "Concern | None" = None, user: Officer | None = None) -> list["Concern"]:
        """Return one page and one more row, newest first, following `after`, the last row of the page before.

        Add `was_there`: whether this user walked there or wrote it down, so that she can't own it.
        """
        walked = Exists(Assignment.objects.filter(walk=OuterRef("report__walk"), officer=user))
        rows = self.select_related("report", "owner").prefetch_related("corrections")
        shown = {
            "was_there": walked | Q(report__by_officer=user),
            "ward": F("report__ward__name"),
        }
        rows = rows.annotate(**shown)
        by = ["reported_at"]
        ordered = rows_before(rows, after, by=by) if after is not None else rows.order_by("-reported_at", "-pk")
        page = list(ordered[: PAGE_LENGTH + 1])
        # In the query above, PostgreSQL would read the answers to all questions.
        reopened = Concern.objects.filter(pk__in=[each.pk for each in page if each.state in ACTIVE_STATES])
        said_no = set(reopened.filter(events__follow_up__answer=FollowUpAnswer.NO).values_list("pk", flat=True))
        for concern in page:
            concern.is_not_better = concern.pk in said_no
        return page

    def for_detail_page(self) -> Self:
        related = self.select_related(
            *("report__walk", "report__by_officer", "owner", "bcu", "nominated_inspector__bcu"),
            *("improvement__partner", "reported_place__borough"),
        )
        return related.prefetch_related(
            officers_on("report__walk__assignments"), "events__by", "events__follow_up", "corrections"
        )


class Concern(models.Model):
    """One thing that worried a requester, or a place where she feels safe. Each is screened and answered separately."""

    is_not_better: bool
    """Of `for_list_page`, like the next two."""
    was_there: bool
    ward: str | None
    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="concerns")
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="concerns")
    nominated_inspector = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The only inspector who can see it, if the requester keeps it from the BCU of that place.",
    )
    reported_at = models.DateTimeField()
    kind = models.CharField(max_length=24, blank=True)
    safe_place = models.BooleanField(default=False)
    place = EncryptedTextField()
    text = EncryptedTextField()
    light = ChoiceField(max_length=8, choices=Light.choices, blank=True)
    time_of_day = ChoiceField(max_length=9, choices=TimeOfDay.choices, blank=True)
    how_often = ChoiceField(max_length=9, choices=HowOften.choices, blank=True)
    consent = models.BooleanField(default=False)
    state = ChoiceField(max_length=15, choices=State.choices, default=State.REPORTED)
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    review_date = models.DateField(null=True)
    external_reference = models.CharField(max_length=60, blank=True, help_text="Of the team it was diverted to.")
    reported_place = models.ForeignKey(
        "feedback.ReportedPlace", on_delete=models.SET_NULL, null=True, related_name="concerns"
    )
    improvement = models.ForeignKey(
        "feedback.Improvement", on_delete=models.PROTECT, null=True, related_name="concerns"
    )
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["bcu", "state", "-reported_at"], name="concerns_of_a_bcu"),
            models.Index(fields=["reported_at"], name="concerns_by_day"),
            models.Index(
                fields=["-reported_at", "-uuid"],
                condition=Q(state__in=sorted(UNSETTLED_STATES)),
                name="concerns_unsettled",
            ),
            models.Index(
                fields=["nominated_inspector", "state", "-reported_at"],
                condition=Q(nominated_inspector__isnull=False),
                name="concerns_by_nominated",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_concern_has_a_kind_or_is_a_safe_place",
                condition=Q(safe_place=True, kind="") | (Q(safe_place=False) & ~Q(kind="")),
            ),
            models.CheckConstraint(
                name="an_active_concern_has_an_owner_and_a_review_date",
                condition=~Q(state__in=sorted(ACTIVE_STATES)) | Q(owner__isnull=False, review_date__isnull=False),
            ),
            models.CheckConstraint(
                name="a_diverted_concern_has_an_external_reference",
                condition=~Q(state=State.DIVERTED) | ~Q(external_reference=""),
            ),
            models.CheckConstraint(
                name="a_referred_concern_is_part_of_an_improvement",
                condition=~Q(state__in=[State.NOT_OURS, State.REFERRED])
                | Q(improvement__isnull=False)
                | Q(erased_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_concern_joins_an_improvement_once_it_is_accepted",
                condition=Q(improvement=None) | Q(state__in=sorted(JOINED_STATES)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_label} ({self.get_state_display()})"

    @property
    def details_opened(self) -> Opened:
        return Opened("concern", "concern", self.pk)

    @property
    def reference(self) -> str:
        """A short name for colleagues, such as "C-638174DA". It says nothing of the booking."""
        return f"C-{self.pk.hex[:REFERENCE_LENGTH].upper()}"

    @property
    def current_owner(self) -> Officer | None:
        """The owner, unless she has left the BCU or can no longer decide on it. Then it is nobody's (`UNOWNED`)."""
        owner = self.owner
        if owner is None or not owner.is_active or owner.role != Officer.Role.INSPECTOR:
            return None
        if self.nominated_inspector_id is None:
            return owner if owner.bcu_id == self.bcu_id else None
        return owner if owner.pk == self.nominated_inspector_id else None

    @property
    def is_unsettled(self) -> bool:
        return self.state in UNSETTLED_STATES

    @property
    def kind_label(self) -> str:
        return taxonomy.label(self.kind)

    @property
    def borough(self) -> Borough:
        """The borough of the place, or else the one in which she asked to walk, or which she named."""
        return self.reported_place.borough if self.reported_place is not None else self.report.borough

    @property
    def team(self) -> BoroughCommandUnit:
        """The BCU that deals with it: the nominated inspector's, or else its own."""
        return (self.nominated_inspector and self.nominated_inspector.bcu) or self.bcu

    @property
    def date(self) -> datetime.date:
        return london.local(self.reported_at).date()

    @property
    def is_corrected(self) -> bool:
        return bool(self.corrections.all())

    @property
    def current_wording(self) -> "Concern | Correction":
        """The place and words that count: the requester's latest correction, or else the original."""
        return next(reversed(self.corrections.all()), self)

    @property
    def correction_count(self) -> int:
        """The number of the requester's corrections. An inspector must have read them all before deciding."""
        return len(self.corrections.all())

    @property
    def may_be_corrected(self) -> bool:
        return self.report.by_officer_id is not None and State(self.state) in AWAITING_SCREENING | ACTIVE_STATES

    @property
    def state_for_requester(self) -> str:
        """The state in words for the requester."""
        partner = self.improvement.partner if self.improvement is not None else None
        return words_for_requester(State(self.state), str(partner or ""))

    @property
    def version(self) -> int:
        """The number of events and corrections. An inspector must have read them all before answering."""
        return self.correction_count + len(self.events.all())

    def may_become(self, state: State) -> bool:
        return state in TRANSITIONS[State(self.state)]

    def officers_of_the_walk(self) -> list[Officer]:
        """Return every officer ever assigned to the walk, and the one who recorded this. None of them may screen it."""
        walk, noted_by = self.report.walk, self.report.by_officer
        walkers = [assignment.officer for assignment in walk.assignments.all()] if walk else []
        return [*walkers, noted_by] if noted_by else walkers

    def possible_owners(self) -> OfficerQuerySet:
        """Return the inspectors who can open it and were not on the walk, by name."""
        inspectors: OfficerQuerySet = Officer.objects.filter(role=Officer.Role.INSPECTOR, is_active=True)
        others = inspectors.exclude(pk__in=[officer.pk for officer in self.officers_of_the_walk()])
        if self.nominated_inspector_id is None:
            return others.filter(bcu=self.bcu_id).order_by("name", "pk")
        return others.filter(pk=self.nominated_inspector_id).exclude(bcu=self.bcu_id)

    def latest_answer(self) -> str:
        """Return the newest answer. Prefetch `events` for lists."""
        return next((event.to_requester for event in reversed(self.events.all()) if event.to_requester), "")


def concerns_noted_by(officer: Officer) -> list[Concern]:
    """Return the newest concerns that this officer noted for requesters on her walks, without their words.

    What a requester sends us herself may be about the officers, so it isn't here, and neither is what was diverted.
    """
    noted = Concern.objects.filter(report__by_officer=officer, erased_at=None).exclude(state=State.DIVERTED)
    rows = noted.not_being_deleted().select_related("report__walk").defer("place", "text")
    return list(rows.order_by("-reported_at", "-pk")[:PAGE_LENGTH])


class Correction(models.Model):
    """A requester's correction of what an officer recorded for her. The newest counts, and none is ever changed."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="corrections")
    at = models.DateTimeField(default=timezone.now)
    place = EncryptedTextField()
    text = EncryptedTextField()

    class Meta:
        ordering = ["at", "uuid"]

    def __str__(self) -> str:
        return f"{self.concern_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def details_opened(self) -> Opened:
        return Opened("concern", "concern", self.concern_id)
