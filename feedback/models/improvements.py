"""Improvements: one change to one place, for everyone who told us of it."""

import datetime
import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from boroughs import taxonomy
from boroughs.geography.places import Place, public_place
from boroughs.models.bcus import Borough, BoroughCommandUnit
from boroughs.models.officers import Officer, OfficerQuerySet
from feedback.models.concerns import REFERENCE_LENGTH, Concern
from feedback.models.places import ReportedPlace
from feedback.statuses import (
    ACTIVE_STATES,
    JOINED_STATES,
    LIGHT_FOR_PARTNERS,
    RESOLVED_STATES,
    TRANSITIONS,
    FollowUpAnswer,
    Light,
    PartnerAnswer,
    State,
)
from partners.models.partners import Partner
from walkandtalk.lib import london
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.database.append_only import append_only
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.paging import rows_following
from walks.models.walks import Assignment

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

PAGE_LENGTH = 50
MOST_OFFERED = 30
SHOWN_ON_HOME_PAGE = 2
UNCLEAR_ANSWERS = ["", PartnerAnswer.NOT_OURS, PartnerAnswer.CLOSED]
STATES = sorted(JOINED_STATES)
"""An improvement is begun when a concern has been accepted, and nobody can withdraw it."""


class ImprovementQuerySet(models.QuerySet["Improvement"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return those of an inspector's BCU, and those that she alone looks after, as `Concern.visible_to` does."""
        if isinstance(user, Officer) and user.is_active and user.role == Officer.Role.INSPECTOR and user.bcu_id:
            of_her_bcu = Q(bcu=user.bcu_id)
            return self.filter(of_her_bcu & Q(nominated_inspector=None) | ~of_her_bcu & Q(nominated_inspector=user))
        return self.none()

    def for_approval_by(self, user: "Officer | AnonymousUser") -> Self:
        """Return those with words for the public that a lead has not yet agreed to, without the concerns."""
        if isinstance(user, Officer) and user.is_active and user.role == Officer.Role.LEAD:
            waiting = self.filter(nominated_inspector=None, approved_at=None).exclude(public_words="")
            return waiting.exclude(words_by=user).select_related("bcu", "words_by").order_by("made_at", "pk")
        return self.none()

    def in_figures_for(self, user: "Officer | AnonymousUser") -> Self:
        """Return what a lead may read of what was done, the newest first: with words for the public, agreed to or not.

        None that is kept from a BCU, because its words may name the place.
        """
        if not (isinstance(user, Officer) and user.is_active and user.role == Officer.Role.LEAD):
            return self.none()
        done = self.filter(state__in=RESOLVED_STATES, nominated_inspector=None, done_date__isnull=False)
        return done.exclude(public_words="").order_by("-done_date", "-pk")

    def joinable_by(self, concern: Concern) -> list["Improvement"]:
        """Return open ones that a concern may join: at its place first, then of its kind, then the newest."""
        same = {"bcu": concern.bcu_id, "nominated_inspector": concern.nominated_inspector_id}
        rows = self.filter(state__in=ACTIVE_STATES, **same).annotate(
            is_there=Case(When(place=concern.reported_place_id, then=Value(0)), default=Value(1)),
            is_alike=Case(When(kind=concern.kind, then=Value(0)), default=Value(1)),
        )
        return list(rows.order_by("is_there", "is_alike", "-made_at", "-pk")[:MOST_OFFERED])

    def published(self) -> Self:
        """Return what everyone may read: changes that were made, in words that a lead agreed to, the newest first.

        One that is open again stays until the month is over, so that nobody sees when a woman said it isn't better.
        """
        shown = Q(state__in=RESOLVED_STATES) | Q(shown_until__gt=london.today())
        done = self.filter(shown, approved_at__isnull=False, nominated_inspector=None)
        return done.select_related("borough", "bcu").order_by("-done_date", "-pk")

    def for_home_page(self) -> list[str]:
        """Return the public words of those that a lead chose for the home page, or else of the newest."""
        chosen_first = self.published().order_by("-is_on_home_page", "-done_date", "-pk")
        return list(chosen_first.values_list("public_words", flat=True)[:SHOWN_ON_HOME_PAGE])

    def for_detail_page(self) -> Self:
        related = self.select_related(
            "bcu", "nominated_inspector", "borough", "place", "partner", "owner", "words_by", "approved_by"
        )
        return related.prefetch_related("events__by", "events__written_texts")

    def for_list_page(self, *, after: "Improvement | None" = None, soonest_first: bool = False) -> list["Improvement"]:
        """Return one page and one more row, each with `women`, the number who wait for it.

        The newest come first or, of open ones, those that someone has to look at soonest.
        """
        by = "review_date" if soonest_first else "-made_at"
        rows = self.select_related("owner", "partner", "place").prefetch_related("referrals")
        told = Concern.objects.filter(improvement=OuterRef("pk")).not_being_deleted()
        counts = {
            "women": _count(told, "report__person_key"),
            "noes": _count(told.filter(events__follow_up__answer=FollowUpAnswer.NO), "pk"),
        }
        rows = rows.annotate(**counts).order_by(by, "pk" if soonest_first else "-pk")
        return list((rows if after is None else rows_following(rows, after, by=[by]))[: PAGE_LENGTH + 1])


def _count(concerns: "models.QuerySet[Concern]", counted: str) -> Coalesce:
    """Count for each improvement apart. PostgreSQL would read all reports to count for all at once."""
    rows = concerns.order_by().values("improvement").annotate(number=Count(counted, distinct=True))
    return Coalesce(Subquery(rows.values("number")), 0)


class Improvement(models.Model):
    """One change to one place, such as "Lamp column 14 mended in Rye Lane". Concerns join it, and share its state."""

    women = 0
    """Of `for_list_page`."""
    noes = 0
    """How often a woman said that it isn't better. Of `for_list_page`."""
    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="+")
    nominated_inspector = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The only inspector who can see it, if its concerns are kept from the BCU.",
    )
    borough = models.ForeignKey(Borough, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(ReportedPlace, on_delete=models.SET_NULL, null=True, related_name="improvements")
    where = models.CharField(max_length=200, help_text="In our words, as partners and the public read it.")
    change = models.CharField(max_length=200, help_text="The change, as partners and the public read it.")
    kind = models.CharField(max_length=24)
    light = ChoiceField(max_length=8, choices=Light.choices, blank=True)
    lamp_number = models.CharField(max_length=20, blank=True)
    state = ChoiceField(max_length=15, choices=State.choices, default=State.ACCEPTED)
    owner = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    review_date = models.DateField()
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="+")
    target_date = models.DateField(null=True)
    done_date = models.DateField(null=True)
    public_words = models.TextField(blank=True)
    map_place = models.CharField(
        max_length=120,
        blank=True,
        help_text="The public place of the borough whose middle is its point on the public map. None means no point.",
    )
    shown_until = models.DateField(
        null=True, help_text="If it's open again after it was published: the day from which nobody reads it any more."
    )
    is_on_home_page = models.BooleanField(default=False, help_text="Whether a lead chose it for the home page.")
    words_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["bcu", "state", "-made_at"], name="improvements_of_a_bcu"),
            models.Index(
                fields=["-done_date"],
                condition=Q(approved_at__isnull=False),
                name="improvements_published",
            ),
        ]
        constraints = [
            models.CheckConstraint(name="an_improvement_is_in_a_state_of_its_own", condition=Q(state__in=STATES)),
            models.CheckConstraint(
                name="a_referred_improvement_says_who_has_it",
                condition=~Q(state__in=[State.NOT_OURS, State.REFERRED]) | Q(partner__isnull=False),
            ),
            models.CheckConstraint(
                name="approved_words_say_by_whom_and_when",
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(public_words=""),
            ),
            models.CheckConstraint(name="nobody_approves_their_own_words", condition=~Q(approved_by=F("words_by"))),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.get_state_display()})"

    @property
    def reference(self) -> str:
        """Its name for partners and colleagues, such as "WT-638174DA". It says nothing of anyone."""
        return f"WT-{self.pk.hex[:REFERENCE_LENGTH].upper()}"

    @property
    def kind_label(self) -> str:
        return taxonomy.label(self.kind)

    @property
    def team(self) -> BoroughCommandUnit:
        """The BCU that deals with it: the nominated inspector's, or else its own."""
        return (self.nominated_inspector and self.nominated_inspector.bcu) or self.bcu

    @property
    def light_for_partners(self) -> str:
        return LIGHT_FOR_PARTNERS[Light(self.light)] if self.light else ""

    @property
    def is_published(self) -> bool:
        is_done = self.state in RESOLVED_STATES
        return is_done and self.approved_at is not None and self.nominated_inspector_id is None

    @property
    def on_public_map(self) -> Place | None:
        """The park, station or library that the public map shows. Never the point of a woman who told us."""
        return public_place(self.map_place, self.borough.gss) if self.map_place else None

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES

    @property
    def is_not_better(self) -> bool:
        """Return whether it is open again because a woman said so."""
        return self.is_active and self.noes > 0

    @property
    def is_late(self) -> bool:
        return self.is_active and self.review_date < london.today()

    @property
    def current_owner(self) -> Officer | None:
        """The owner, unless they can no longer decide on it (`Concern.current_owner`)."""
        owner = self.owner
        if not owner.is_active or owner.role != Officer.Role.INSPECTOR:
            return None
        if self.nominated_inspector_id is None:
            return owner if owner.bcu_id == self.bcu_id else None
        return owner if owner.pk == self.nominated_inspector_id else None

    @property
    def tags(self) -> list[str]:
        """Short warnings about the women and the partner. Prefetch `referrals` for lists."""
        waiting = [referral for referral in self.referrals.all() if referral.ended_at is None]
        tags = [(self.is_not_better, "Not better")]
        tags += [(referral.has_news, "Answered") for referral in waiting]
        tags += [(referral.undelivered_at is not None, "Not delivered") for referral in waiting]
        tags += [(referral.is_silent, "Silent") for referral in waiting]
        return [label for is_so, label in tags if is_so]

    @property
    def is_acknowledged(self) -> bool:
        """Return whether the partner that has it now has answered us, and not that it isn't theirs."""
        return self.referrals.filter(ended_at=None).exclude(answer__in=UNCLEAR_ANSWERS).exists()

    @cached_property
    def may_be_passed_on(self) -> bool:
        """Whether one of the women agreed, and has not asked us to delete what she told us."""
        return self.concerns.not_being_deleted().filter(consent=True, erased_at=None).exists()

    @property
    def version(self) -> int:
        """The number of events. An inspector must have read them all before deciding."""
        return len(self.events.all())

    @property
    def date(self) -> datetime.date:
        return london.local(self.made_at).date()

    def may_become(self, state: State) -> bool:
        return state in TRANSITIONS[State(self.state)] and state in STATES

    def possible_owners(self) -> OfficerQuerySet:
        """Return the inspectors who can open it and were on no walk of its concerns, by name."""
        inspectors: OfficerQuerySet = Officer.objects.filter(role=Officer.Role.INSPECTOR, is_active=True)
        walked = Assignment.objects.filter(
            walk__in=self.concerns.filter(report__walk__isnull=False).values("report__walk")
        )
        noted = self.concerns.filter(report__by_officer__isnull=False)
        there = Q(pk__in=walked.values("officer")) | Q(pk__in=noted.values("report__by_officer"))
        others = inspectors.exclude(there)
        if self.nominated_inspector_id is None:
            return others.filter(bcu=self.bcu_id).order_by("name", "pk")
        return others.filter(pk=self.nominated_inspector_id).exclude(bcu=self.bcu_id)


class ImprovementEventManager(models.Manager["ImprovementEvent"]):
    def record(
        self, improvement: Improvement, *, to_requesters: str = "", internal: str = "", **fields: Any
    ) -> "ImprovementEvent":
        """Save an event, and its texts if it has any."""
        event: ImprovementEvent = self.create(improvement=improvement, **fields)
        event.texts = ImprovementEventTexts(event=event, to_requesters=to_requesters, internal=internal)
        if to_requesters or internal:
            event.texts.save(force_insert=True)
        return event


class ImprovementEvent(models.Model):
    """One line of an improvement's history. It never changes. Its texts are in ImprovementEventTexts."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    improvement = models.ForeignKey(Improvement, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    from_state = models.CharField(max_length=15, blank=True)
    to_state = ChoiceField(max_length=15, choices=State.choices)
    date = models.DateField(null=True, help_text="When it was or will be done.")

    objects = ImprovementEventManager()

    class Meta:
        ordering = ["at", "uuid"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_to_state_display()} {self.at:%Y-%m-%d %H:%M}"

    @property
    def changes_state(self) -> bool:
        return self.from_state != self.to_state

    @cached_property
    def texts(self) -> "ImprovementEventTexts":
        """What was written with it. Empty texts if nothing was, or if they have been erased."""
        return getattr(self, "written_texts", None) or ImprovementEventTexts(event=self)


class ImprovementEventTexts(models.Model):
    """The texts of an event for the women and for colleagues. Deleted with the words of concerns, by age."""

    event = models.OneToOneField(
        ImprovementEvent, on_delete=models.CASCADE, primary_key=True, related_name="written_texts"
    )
    to_requesters = EncryptedTextField(default="")
    internal = EncryptedTextField(default="")

    def __str__(self) -> str:
        return str(self.pk)
