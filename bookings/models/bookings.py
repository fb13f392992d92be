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
from bookings.models.conditions import ATTENDANCE_BEFORE, ATTENDANCE_UNTIL, UNANSWERED
from bookings.models.indexes import BOOKING_INDEXES
from bookings.models.preferred_times import PreferredTime
from bookings.statuses import (
    OPEN_STATUSES,
    REPORTABLE_STATUSES,
    STATUSES_TO_ACKNOWLEDGE,
    TRANSITIONS,
    CancelReason,
    Channel,
    DeclineAlternative,
    DeclineReason,
    SafeguardingOutcome,
    StaffBookingMethod,
    Status,
)
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.choices import ChoiceField
from walks.models.walks import Walk
from walks.statuses import WalkStatus

if TYPE_CHECKING:
    from bookings.models.offers import Offer


def bookings_on_walk(walk: Walk) -> BookingQuerySet:
    """The bookings that its officers know of: theirs to walk with, ended by them, or broken off."""
    theirs = Q(walk=walk, status__in=[Status.SCHEDULED, Status.COMPLETED, Status.REQUESTER_ABSENT])
    rows = Booking.objects.filter(theirs | Q(cut_short_walk=walk), erased_at=None)
    return rows.select_related("bcu", "contact", "walk").prefetch_related("adjustments").order_by("pk")


def bookings_on_walk_visible_to(user: Officer, walk: Walk, now: datetime.datetime) -> BookingQuerySet:
    """Those of them whom this person may read about, where she may read of the walk at all.

    Who was on a walk that we broke off waits for another, maybe with another team: the inspector of the old one no
    longer knows of her. Its officers do, around the walk.
    """
    women = bookings_on_walk(walk)
    if user in walk.live_officers() and walk.are_details_visible(now):
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
    nominated_inspector = models.ForeignKey(
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
    first_answer_due_at = models.DateTimeField(
        null=True, editable=False, help_text="The promise for our first answer. Later ones change it no more."
    )
    first_answered_at = models.DateTimeField(null=True, editable=False)
    at_risk_alerted_for = models.DateTimeField(
        null=True, editable=False, help_text="The promise of which the team was told that it is at risk."
    )
    late_alerted_for = models.DateTimeField(
        null=True, editable=False, help_text="The promise of which the team was told that it was not kept."
    )
    walk_needed_at = models.DateTimeField()
    weekday_evenings = models.BooleanField(default=False)
    weekends = models.BooleanField(default=False)
    channel = ChoiceField(max_length=8, choices=Channel.choices)
    calendar_uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    calendar_sequence = models.PositiveIntegerField(default=0)
    preferred_times_round = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Which of her wishes counts: the first, or a later one."
    )
    change_requested_at = models.DateTimeField(
        null=True, editable=False, help_text="When she asked for another time than her walk has. Empty once answered."
    )
    times_passed_at = models.DateTimeField(
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
    staff_booking_method = ChoiceField(
        max_length=5,
        choices=StaffBookingMethod.choices,
        blank=True,
        default="",
        editable=False,
        help_text="How she asked an inspector who made the booking for her. Empty where she asked on our pages.",
    )
    erased_at = models.DateTimeField(null=True, editable=False)
    acknowledged_at = models.DateTimeField(
        null=True, editable=False, help_text="When she said that she had seen the latest news of her walk."
    )
    contacted_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When somebody who had to reach her had spoken with her or met her.",
    )
    informed_at = models.DateTimeField(
        null=True, editable=False, help_text="When somebody told her of the latest news because our message did not."
    )
    nobody_came_reported_at = models.DateTimeField(
        null=True, editable=False, help_text="When she said that nobody came."
    )
    inbox_unsafe_at = models.DateTimeField(
        null=True, editable=False, help_text="When she said that somebody else may read what we had sent her."
    )
    messages_stopped_at = models.DateTimeField(
        null=True, editable=False, help_text="When she asked us to stop writing."
    )

    first_read_at = models.DateTimeField(
        null=True, editable=False, help_text="When an inspector first opened it. Who else did is in the read log."
    )
    first_read_due_at = models.DateTimeField(
        null=True, editable=False, help_text="By when an inspector should have opened it: one working day after."
    )
    claimed_by = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="The inspector to whom it is assigned.",
    )
    claimed_at = models.DateTimeField(null=True, editable=False)
    safeguarding_at = models.DateTimeField(
        null=True, editable=False, help_text="When somebody marked it: a crime or a safeguarding matter."
    )
    safeguarding_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    safeguarding_closed_at = models.DateTimeField(null=True, editable=False)
    safeguarding_outcome = ChoiceField(
        max_length=12, choices=SafeguardingOutcome.choices, blank=True, default="", editable=False
    )
    queue_at = models.GeneratedField(
        expression=Case(When(UNANSWERED, then=Least("answer_due_at", "walk_needed_at")), default=F("walk_needed_at")),
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
    def team(self) -> BoroughCommandUnit:
        """The BCU whose officers walk with her and whom she rings: her nominated inspector's, where she has one."""
        return (self.nominated_inspector and self.nominated_inspector.bcu) or self.bcu

    @property
    def is_open(self) -> bool:
        return Status(self.status) in OPEN_STATUSES

    @property
    def needs_pin(self) -> bool:
        """Where somebody else may read her post, a link alone opens nothing (docs/rules.md#safe-inboxes-and-pins)."""
        return self.channel != Channel.FULL

    @property
    def can_be_emailed(self) -> bool:
        return self.channel != Channel.NONE and self.messages_stopped_at is None

    @property
    def may_correct_address(self) -> bool:
        nobody = Status(self.status) in (Status.NOT_MINE, Status.EXPIRED) or self.erased_at is not None
        return self.can_be_emailed and not nobody

    @property
    def needs_acknowledgement(self) -> bool:
        """Is there something that she has to see before she leaves home?"""
        return Status(self.status) in STATUSES_TO_ACKNOWLEDGE

    @property
    def cancellation_unacknowledged(self) -> bool:
        unseen = self.acknowledged_at is None and self.contacted_at is None and self.erased_at is None
        return self.status == Status.CANCELLED_BY_US and unseen

    def needs_attendance(self, now: datetime.datetime) -> bool:
        """From when her walk was to begin as she was told: others may walk on without her, at another time."""
        return (
            self.cancellation_unacknowledged
            and self.walk_needed_at - ATTENDANCE_BEFORE <= now < self.walk_needed_at + ATTENDANCE_UNTIL
        )

    @property
    def walk_as_last_notified(self) -> Walk | None:
        """To be read only. Once hers was cancelled, as she knew it then: the others may go on with it elsewhere."""
        if self.walk is None or self.contact.cancelled_meeting_place is None:
            return self.walk
        walk = copy(self.walk)
        walk.start_at, walk.meeting_place = self.walk_needed_at, self.contact.cancelled_meeting_place
        return walk

    @property
    def nobody_came_not_contacted(self) -> bool:
        return self.nobody_came_reported_at is not None and self.contacted_at is None and self.erased_at is None

    @property
    def has_open_safeguarding(self) -> bool:
        return self.safeguarding_at is not None and self.safeguarding_closed_at is None

    def is_claimed_by(self, officer: Officer) -> bool:
        return self.claimed_by_id == officer.pk

    @property
    def awaits_decision(self) -> bool:
        return self.status in (Status.WAITING, Status.OFFERED)

    @property
    def is_awaiting_answer(self) -> bool:
        return self.answered_at is None and (self.status == Status.WAITING or self.has_open_change_request)

    def is_answer_due_by(self, until: datetime.datetime) -> bool:
        """And has not been told yet that we are sorry to have missed all her times."""
        return self.is_awaiting_answer and self.times_passed_at is None and self.answer_due_at <= until

    @property
    def has_priority(self) -> bool:
        return self.awaits_decision and self.cut_short_walk_id is not None

    @property
    def cut_short_not_contacted(self) -> bool:
        return self.status == Status.WAITING and self.cut_short_walk_id is not None and self.contacted_at is None

    @property
    def needs_contact(self) -> bool:
        return self.nobody_came_not_contacted or self.cut_short_not_contacted or self.cancellation_unacknowledged

    @property
    def reported_nobody_came(self) -> bool:
        """Of the walk as it is planned now: one that was moved to another day is still to come."""
        return (
            self.walk is not None
            and self.nobody_came_reported_at is not None
            and self.nobody_came_reported_at >= self.walk.start_at
        )

    @property
    def has_open_change_request(self) -> bool:
        return self.status == Status.SCHEDULED and self.change_requested_at is not None

    @property
    def have_all_times_passed(self) -> bool:
        return self.status == Status.WAITING and self.times_passed_at is not None

    def may_change_preferred_times(self, now: datetime.datetime) -> bool:
        """Until we have given her a final answer, and before her walk begins."""
        if self.walk is not None and self.status == Status.SCHEDULED:
            return self.walk.status == WalkStatus.SCHEDULED and now < self.walk.start_at
        return Status(self.status) in (Status.WAITING, Status.OFFERED)

    def current_preferred_times(self) -> list[PreferredTime]:
        """The times that she asks for. Prefetch `wishes` for lists."""
        return [
            preferred_time
            for preferred_time in self.preferred_times.all()
            if preferred_time.round == self.preferred_times_round
        ]

    def previous_preferred_times(self) -> list[PreferredTime]:
        """The times that she asked for before she asked for these."""
        return [
            preferred_time
            for preferred_time in self.preferred_times.all()
            if preferred_time.round == self.preferred_times_round - 1
        ]

    def may_report_nobody_came(self, now: datetime.datetime) -> bool:
        return (
            Status(self.status) in REPORTABLE_STATUSES
            and self.walk is not None
            and self.walk.may_be_reported_missed(now)
        )

    def possible_outcomes(self, now: datetime.datetime) -> list[Status]:
        """What may be said of it afterwards, where the officers' buttons did not say it, or she says otherwise."""
        if self.walk is None or self.erased_at is not None:
            return []
        if self.status == Status.SCHEDULED and (self.walk.end_at <= now or self.reported_nobody_came):
            return [Status.COMPLETED, Status.OFFICERS_ABSENT, Status.REQUESTER_ABSENT]
        disputed = self.status in (Status.COMPLETED, Status.REQUESTER_ABSENT) and self.reported_nobody_came
        return [Status.OFFICERS_ABSENT] if disputed else []

    def may_arrive_late(self, now: datetime.datetime) -> bool:
        """“She is not here” was pressed, and the walk it was pressed for can still be walked."""
        return self.status == Status.REQUESTER_ABSENT and self.walk is not None and self.walk.is_live_at(now)

    def may_become(self, status: Status) -> bool:
        return status in TRANSITIONS[Status(self.status)]

    @property
    def may_be_cancelled_by_us(self) -> bool:
        on_time = self.walk is None or self.walk.status == WalkStatus.SCHEDULED
        return self.may_become(Status.CANCELLED_BY_US) and on_time

    def outcome_reason(self) -> str:
        """Why we declined or cancelled it, as she reads it after "because". Empty where there was no reason of ours."""
        reasons = {Status.DECLINED: DeclineReason, Status.CANCELLED_BY_US: CancelReason}.get(Status(self.status))
        return str(reasons(self.outcome_code).label) if reasons else ""

    def decision_note(self) -> str:
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
