"""A booking: what one woman asked for, and what became of it."""

import datetime
from copy import copy
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Least
from django.utils import timezone

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.conditions import GO_BEFORE, GO_UNTIL, UNANSWERED
from bookings.models.indexes import BOOKING_INDEXES
from bookings.models.preferred_times import Wish
from bookings.statuses import (
    MOVES,
    NEWS,
    OPEN,
    WALKED,
    CancelReason,
    Channel,
    DeclineAlternative,
    DeclineReason,
    SafeguardingOutcome,
    Status,
    TakenHow,
)
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.choices import ChoiceField
from walks.models.walks import Walk
from walks.statuses import WalkStatus

if TYPE_CHECKING:
    from bookings.models.offers import Offer


def women_of(walk: Walk) -> BookingQuerySet:
    """The bookings that its officers know of: theirs to walk with, ended by them, or broken off."""
    theirs = Q(walk=walk, status__in=[Status.SCHEDULED, Status.COMPLETED, Status.MISSED_BY_HER])
    rows = Booking.objects.filter(theirs | Q(cut_short_walk=walk), forgotten_at=None)
    return rows.select_related("bcu", "contact", "walk").prefetch_related("arrangements").order_by("pk")


def women_shown_to(user: Officer, walk: Walk, now: datetime.datetime) -> BookingQuerySet:
    """Those of them whom this person may read about, where she may read of the walk at all.

    Who was on a walk that we broke off waits for another, maybe with another team: the inspector of the old one no
    longer knows of her. Its officers do, around the walk.
    """
    women = women_of(walk)
    if user in walk.live_officers() and walk.shows_details(now):
        return women
    return women.filter(Q(walk=walk) | Q(pk__in=Booking.objects.visible_to(user).values("pk")))


class Booking(models.Model):
    """What one woman asked for, and what became of it."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.CharField(max_length=13, unique=True, default=tokens.new_reference, editable=False)
    draft_uuid = models.UUIDField(unique=True, editable=False)
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="bookings")
    borough = models.ForeignKey(Borough, on_delete=models.PROTECT, related_name="bookings")
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, null=True, related_name="bookings")
    handler = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The one inspector who may know of it, where she keeps it from the BCU of that place.",
    )
    walk = models.ForeignKey(Walk, on_delete=models.PROTECT, null=True, related_name="bookings")
    cut_short_walk = models.ForeignKey(
        Walk,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="cut_short_bookings",
        help_text="The last walk that we broke off. She is first in line for another.",
    )
    status = ChoiceField(max_length=24, choices=Status.choices, default=Status.WAITING)
    version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    unconfirmed_since = models.DateTimeField(
        default=timezone.now,
        editable=False,
        help_text="From when we wait for her to say that it was her: she asked, her address changed, an offer ended.",
    )
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    first_due_at = models.DateTimeField(
        null=True, editable=False, help_text="The promise for our first answer. Later ones change it no more."
    )
    first_answered_at = models.DateTimeField(null=True, editable=False)
    at_risk_told_for = models.DateTimeField(
        null=True, editable=False, help_text="The promise of which the team was told that it is at risk."
    )
    late_told_for = models.DateTimeField(
        null=True, editable=False, help_text="The promise of which the team was told that it was not kept."
    )
    needed_at = models.DateTimeField()
    weekday_evenings = models.BooleanField(default=False)
    weekends = models.BooleanField(default=False)
    channel = ChoiceField(max_length=8, choices=Channel.choices)
    calendar_uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    calendar_sequence = models.PositiveIntegerField(default=0)
    wish_round = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Which of her wishes counts: the first, or a later one."
    )
    asked_again_at = models.DateTimeField(
        null=True, editable=False, help_text="When she asked for another time than her walk has. Empty once answered."
    )
    choices_passed_at = models.DateTimeField(
        null=True, editable=False, help_text="When we said sorry that every time she chose had passed unanswered."
    )
    outcome_code = models.CharField(max_length=24, blank=True)
    alternatives = models.CharField(
        max_length=120,
        blank=True,
        default="",
        help_text="Codes of what she can do instead of the walk that we declined, with spaces between.",
    )
    source = models.SlugField(
        blank=True,
        default="",
        db_index=False,
        editable=False,
        help_text="The area whose poster she scanned.",
    )
    taken_how = ChoiceField(
        max_length=5,
        choices=TakenHow.choices,
        blank=True,
        default="",
        editable=False,
        help_text="How she asked an inspector who made the booking for her. Empty where she asked on our pages.",
    )
    forgotten_at = models.DateTimeField(null=True, editable=False)
    seen_at = models.DateTimeField(
        null=True, editable=False, help_text="When she said that she had seen the latest news of her walk."
    )
    reached_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When somebody who had to reach her had spoken with her or met her.",
    )
    told_at = models.DateTimeField(
        null=True, editable=False, help_text="When somebody told her of the latest news because our message did not."
    )
    nobody_came_at = models.DateTimeField(null=True, editable=False, help_text="When she said that nobody came.")
    inbox_unsafe_at = models.DateTimeField(
        null=True, editable=False, help_text="When she said that somebody else may read what we had sent her."
    )
    stopped_at = models.DateTimeField(null=True, editable=False, help_text="When she asked us to stop writing.")

    first_read_at = models.DateTimeField(
        null=True, editable=False, help_text="When an inspector first opened it. Who else did is in the read log."
    )
    first_read_due_at = models.DateTimeField(
        null=True, editable=False, help_text="By when an inspector should have opened it: one working day after."
    )
    taken_by = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="The inspector who said: I have this.",
    )
    taken_at = models.DateTimeField(null=True, editable=False)
    safeguarding_at = models.DateTimeField(
        null=True, editable=False, help_text="When somebody marked it: a crime or a safeguarding matter."
    )
    safeguarding_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    safeguarding_closed_at = models.DateTimeField(null=True, editable=False)
    safeguarding_outcome = ChoiceField(
        max_length=12, choices=SafeguardingOutcome.choices, blank=True, default="", editable=False
    )
    turn_at = models.GeneratedField(
        expression=Case(When(UNANSWERED, then=Least("answer_due_at", "needed_at")), default=F("needed_at")),
        output_field=models.DateTimeField(),
        db_persist=True,
        help_text="Where it stands in the queue: when our answer is due, or else when she is needed.",
    )

    objects = BookingQuerySet.as_manager()

    class Meta:
        indexes = BOOKING_INDEXES
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=[Status.SCHEDULED, Status.COMPLETED]) | Q(walk__isnull=False),
                name="scheduled_or_completed_booking_has_a_walk",
            ),
            models.CheckConstraint(
                condition=Q(safeguarding_closed_at=None) | ~Q(safeguarding_outcome=""),
                name="closed_safeguarding_matter_has_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.spoken_reference

    @property
    def spoken_reference(self) -> str:
        """The reference in groups, as it is shown and read out."""
        return tokens.format_reference(self.reference)

    @property
    def edition(self) -> int:
        """Grows with every change that an inspector has to know of before she decides."""
        return self.version

    @property
    def team(self) -> BoroughCommandUnit:
        """The BCU whose officers walk with her and whom she rings: her handler's, where she has one."""
        return (self.handler and self.handler.bcu) or self.bcu

    @property
    def is_open(self) -> bool:
        return Status(self.status) in OPEN

    @property
    def needs_pin(self) -> bool:
        """Where somebody else may read her post, a link alone opens nothing (docs/rules.md#safe-inboxes-and-pins)."""
        return self.channel != Channel.FULL

    @property
    def is_written_to(self) -> bool:
        return self.channel != Channel.NONE and self.stopped_at is None

    @property
    def may_correct_address(self) -> bool:
        nobody = Status(self.status) in (Status.NOT_HER, Status.EXPIRED) or self.forgotten_at is not None
        return self.is_written_to and not nobody

    @property
    def has_news(self) -> bool:
        """Is there something that she has to see before she leaves home?"""
        return Status(self.status) in NEWS

    @property
    def is_not_known_to_know(self) -> bool:
        unseen = self.seen_at is None and self.reached_at is None and self.forgotten_at is None
        return self.status == Status.CANCELLED_BY_US and unseen

    def needs_somebody_there(self, now: datetime.datetime) -> bool:
        """From when her walk was to begin as she was told: others may walk on without her, at another time."""
        return self.is_not_known_to_know and self.needed_at - GO_BEFORE <= now < self.needed_at + GO_UNTIL

    @property
    def walk_as_told(self) -> Walk | None:
        """To be read only. Once hers was cancelled, as she knew it then: the others may go on with it elsewhere."""
        if self.walk is None or self.contact.called_off_place is None:
            return self.walk
        walk = copy(self.walk)
        walk.start_at, walk.meeting_place = self.needed_at, self.contact.called_off_place
        return walk

    @property
    def is_left_waiting(self) -> bool:
        return self.nobody_came_at is not None and self.reached_at is None and self.forgotten_at is None

    @property
    def is_to_safeguard(self) -> bool:
        return self.safeguarding_at is not None and self.safeguarding_closed_at is None

    def is_had_by(self, officer: Officer) -> bool:
        return self.taken_by_id == officer.pk

    @property
    def awaits_decision(self) -> bool:
        return self.status in (Status.WAITING, Status.OFFERED)

    @property
    def is_owed_an_answer(self) -> bool:
        return self.answered_at is None and (self.status == Status.WAITING or self.asks_again)

    def is_owed_an_answer_by(self, until: datetime.datetime) -> bool:
        """And has not been told yet that we are sorry to have missed all her times."""
        return self.is_owed_an_answer and self.choices_passed_at is None and self.answer_due_at <= until

    @property
    def is_first_in_line(self) -> bool:
        return self.awaits_decision and self.cut_short_walk_id is not None

    @property
    def is_cut_off(self) -> bool:
        return self.status == Status.WAITING and self.cut_short_walk_id is not None and self.reached_at is None

    @property
    def has_to_be_reached(self) -> bool:
        return self.is_left_waiting or self.is_cut_off or self.is_not_known_to_know

    @property
    def says_nobody_came(self) -> bool:
        """Of the walk as it is planned now: one that was moved to another day is still to come."""
        return self.walk is not None and self.nobody_came_at is not None and self.nobody_came_at >= self.walk.start_at

    @property
    def asks_again(self) -> bool:
        return self.status == Status.SCHEDULED and self.asked_again_at is not None

    @property
    def has_passed_unanswered(self) -> bool:
        return self.status == Status.WAITING and self.choices_passed_at is not None

    def may_change_wish(self, now: datetime.datetime) -> bool:
        """Until we have given her a final answer, and before her walk begins."""
        if self.walk is not None and self.status == Status.SCHEDULED:
            return self.walk.status == WalkStatus.SCHEDULED and now < self.walk.start_at
        return Status(self.status) in (Status.WAITING, Status.OFFERED)

    def wishes_now(self) -> list[Wish]:
        """The times that she asks for. Prefetch `wishes` for lists."""
        return [wish for wish in self.wishes.all() if wish.round == self.wish_round]

    def wishes_before(self) -> list[Wish]:
        """The times that she asked for before she asked for these."""
        return [wish for wish in self.wishes.all() if wish.round == self.wish_round - 1]

    def may_say_nobody_came(self, now: datetime.datetime) -> bool:
        return Status(self.status) in WALKED and self.walk is not None and self.walk.may_be_missed(now)

    def may_be_settled_as(self, now: datetime.datetime) -> list[Status]:
        """What may be said of it afterwards, where the officers' buttons did not say it, or she says otherwise."""
        if self.walk is None or self.forgotten_at is not None:
            return []
        if self.status == Status.SCHEDULED and (self.walk.end_at <= now or self.says_nobody_came):
            return [Status.COMPLETED, Status.MISSED_BY_US, Status.MISSED_BY_HER]
        disputed = self.status in (Status.COMPLETED, Status.MISSED_BY_HER) and self.says_nobody_came
        return [Status.MISSED_BY_US] if disputed else []

    def may_come_after_all(self, now: datetime.datetime) -> bool:
        """“She is not here” was pressed, and the walk it was pressed for can still be walked."""
        return self.status == Status.MISSED_BY_HER and self.walk is not None and self.walk.is_live_at(now)

    def may_become(self, status: Status) -> bool:
        return status in MOVES[Status(self.status)]

    @property
    def may_be_cancelled_by_us(self) -> bool:
        on_time = self.walk is None or self.walk.status == WalkStatus.SCHEDULED
        return self.may_become(Status.CANCELLED_BY_US) and on_time

    def outcome(self) -> str:
        """Why we declined or cancelled it, as she reads it after "because". Empty where there was no reason of ours."""
        reasons = {Status.DECLINED: DeclineReason, Status.CANCELLED_BY_US: CancelReason}.get(Status(self.status))
        return str(reasons(self.outcome_code).label) if reasons else ""

    def our_words(self) -> str:
        """What an inspector wrote to her when it became what it is."""
        ending = self.events.filter(to_status=self.status).last()
        return ending.note if ending is not None else ""

    def open_offers(self) -> "list[Offer]":
        """What she may still pick from. Prefetch `offers` for lists."""
        return [offer for offer in self.offers.all() if offer.is_open] if self.status == Status.OFFERED else []

    def accepted_offer(self) -> "Offer | None":
        """The time of the last round that she said yes to, while she waits for a walk then."""
        if self.status != Status.WAITING:
            return None
        offers = list(self.offers.all())
        return next((offer for offer in offers if offer.is_accepted and offer.round == offers[-1].round), None)

    def alternative_labels(self) -> list[str]:
        """What she can do instead of the walk that we declined, as she reads it."""
        return [str(DeclineAlternative(code).label) for code in self.alternatives.split()]
