"""The booking, and the bookings on a walk."""

import datetime
from collections.abc import Collection
from copy import copy
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Least
from django.utils import timezone

from bookings.models.booking_queries import BookingQuerySet
from bookings.models.conditions import KEPT, UNANSWERED
from bookings.models.indexes import BOOKING_INDEXES
from bookings.models.preferred_times import PreferredTime
from bookings.models.safeguarding import flag_of
from bookings.statuses import OPEN_STATUSES, TRANSITIONS, Channel, DeclineAlternative, StaffBookingMethod, Status
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.choices import ChoiceField
from walks.models.walks import Walk


def bookings_on_walk(walk: Walk) -> BookingQuerySet:
    """Return the bookings that the walk's officers may see: scheduled, completed, a no-show, or cut short."""
    rows = bookings_on_walks([walk.pk])
    return (
        rows.select_related("bcu", "contact", "walk", "acknowledgement").prefetch_related("adjustments").order_by("pk")
    )


def bookings_on_walks(walks: Collection[UUID]) -> BookingQuerySet:
    """Return the bookings on these walks, as `bookings_on_walk` does for one of them."""
    on_walk = Q(walk__in=walks, status__in=[Status.SCHEDULED, Status.COMPLETED, Status.REQUESTER_ABSENT])
    return Booking.objects.filter(KEPT, on_walk | Q(cut_short_walk__in=walks))


def bookings_on_walk_visible_to(user: Officer, walk: Walk, now: datetime.datetime) -> BookingQuerySet:
    """Return the bookings on the walk that the user may see, if she may see the walk itself.

    A requester whose walk was cut short waits for another walk, perhaps with another team, so the inspector of the
    first walk can no longer see her booking. The officers can, around the time of the walk, unless it is frozen.
    """
    return bookings_on_walk(walk).filter(_visible_on_walk(user, walk, now))


def bookings_on_walk_with_visibility(user: Officer, walk: Walk, now: datetime.datetime) -> BookingQuerySet:
    """Return all bookings on the walk with `is_visible`: whether `bookings_on_walk_visible_to` returns it."""
    visibility = {"is_visible": _visible_on_walk(user, walk, now)}
    return bookings_on_walk(walk).annotate(**visibility)


def _visible_on_walk(user: Officer, walk: Walk, now: datetime.datetime) -> Q:
    if user in walk.live_officers() and walk.are_details_visible(now):
        return Q(frozen_at=None)
    return Q(walk=walk, frozen_at=None) | Q(pk__in=Booking.objects.visible_to(user).values("pk"))


class Booking(models.Model):
    """One requester's booking, from her request to its result."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.CharField(max_length=13, unique=True, default=tokens.new_reference, editable=False)
    bcu = models.ForeignKey(BoroughCommandUnit, on_delete=models.PROTECT, related_name="bookings")
    borough = models.ForeignKey(Borough, on_delete=models.PROTECT, related_name="bookings")
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, null=True, related_name="bookings")
    nominated_inspector = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The only inspector who may see a restricted booking.",
    )
    walk = models.ForeignKey(Walk, on_delete=models.PROTECT, null=True, related_name="bookings")
    cut_short_walk = models.ForeignKey(
        Walk,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="cut_short_bookings",
        help_text="The last walk that was cut short. The booking has priority for another.",
    )
    status = ChoiceField(max_length=24, choices=Status.choices, default=Status.WAITING)
    version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    unconfirmed_since = models.DateTimeField(
        default=timezone.now,
        editable=False,
        help_text="The start of the wait for confirmation: a request, a changed address or the end of an offer.",
    )
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    walk_needed_at = models.DateTimeField()
    channel = ChoiceField(max_length=8, choices=Channel.choices)
    draft_uuid = models.UUIDField(
        unique=True, editable=False, help_text="The draft that was sent. Sending it twice makes one booking."
    )
    source = models.SlugField(
        blank=True,
        default="",
        db_index=False,
        editable=False,
        help_text="The code of the poster that the requester scanned.",
    )
    staff_booking_method = ChoiceField(
        max_length=5,
        choices=StaffBookingMethod.choices,
        blank=True,
        default="",
        editable=False,
        help_text="How an inspector took the booking. Empty if the requester made it on our pages.",
    )
    preferred_times_round = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="The round of preferred times that counts now."
    )
    change_requested_at = models.DateTimeField(
        null=True, editable=False, help_text="When the requester asked to change her walk. Empty once answered."
    )
    times_passed_at = models.DateTimeField(
        null=True, editable=False, help_text="When we apologised that all preferred times had passed."
    )
    outcome_code = models.CharField(max_length=24, blank=True)
    alternatives = models.CharField(
        max_length=120,
        blank=True,
        default="",
        help_text="Codes of the alternatives to a declined walk, separated by spaces.",
    )
    frozen_at = models.DateTimeField(
        null=True, editable=False, help_text="When someone said “This wasn’t me”. Empty once the freeze is lifted."
    )
    erased_at = models.DateTimeField(null=True, editable=False)
    erasure_due_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When a job erases it, because the requester asked. Staff cannot see it from the moment she asks.",
    )
    queue_at = models.GeneratedField(
        expression=Case(When(UNANSWERED, then=Least("answer_due_at", "walk_needed_at")), default=F("walk_needed_at")),
        output_field=models.DateTimeField(),
        db_persist=True,
        help_text="Its position in the queue: when our answer is due, or else when the walk is needed.",
    )

    unread_team_message_at: datetime.datetime | None
    """When the oldest unread message was sent. Only set by `with_unread_team_message`."""

    request_count: int  # of `with_request_counts`
    is_known = False
    """Whether lists may name her to their reader. Only set by `known_to`."""
    is_visible: bool | None
    """Only set by `bookings_on_walk_with_visibility`."""

    objects = BookingQuerySet.as_manager()

    class Meta:
        indexes = BOOKING_INDEXES
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
        """The reference in groups, for showing and reading out."""
        return tokens.format_reference(self.reference)

    @property
    def team(self) -> BoroughCommandUnit:
        """The BCU that walks with the requester and answers her calls: the nominated inspector's, if there is one."""
        return (self.nominated_inspector and self.nominated_inspector.bcu) or self.bcu

    @property
    def is_open(self) -> bool:
        return Status(self.status) in OPEN_STATUSES

    @property
    def is_kept(self) -> bool:
        """Return whether its details are neither erased nor about to be."""
        return self.erased_at is None and self.erasure_due_at is None

    @property
    def awaits_erasure(self) -> bool:
        """Return whether the requester asked us to delete her details, and can still undo it."""
        return self.erased_at is None and self.erasure_due_at is not None

    @property
    def needs_pin(self) -> bool:
        """Return whether the requester's page asks for a PIN, because someone else may read her email.

        A link alone then opens nothing (docs/rules.md#safe-inboxes-and-pins).
        """
        return self.channel != Channel.FULL

    @property
    def asks_for_pin(self) -> bool:
        """Return whether a copy and deletion need the requester's PIN: she has one, or her page asks for one."""
        return self.needs_pin or bool(self.contact.pin_hmac)

    @property
    def can_be_emailed(self) -> bool:
        return self.wants_email and self.is_kept

    @property
    def wants_email(self) -> bool:
        """Return whether she lets us write to her. While her details are being deleted, we only write about that."""
        is_wanted = self.channel != Channel.NONE and self.contact.messages_stopped_at is None
        return is_wanted and self.frozen_at is None

    @property
    def cancellation_unacknowledged(self) -> bool:
        if self.status != Status.CANCELLED_BY_US or not self.is_kept:
            return False
        return self.acknowledgement.acknowledged_at is None and self.acknowledgement.contacted_at is None

    @property
    def known_as(self) -> str:
        """Her name in a list, or "M., Rye Lane" until the reader has claimed the booking or is on the walk.

        docs/rules.md#need-to-know. The query says which: `known_to`.
        """
        if self.is_known:
            return self.contact.name
        return ", ".join(filter(None, [self.contact.initial, self.ward.name if self.ward else ""]))

    @property
    def known_as_beside_ward(self) -> str:
        """The same, where the ward is in another column."""
        return self.contact.name if self.is_known else self.contact.initial

    @property
    def walk_as_last_notified(self) -> Walk | None:
        """The walk as the requester last knew it. Never save it.

        After her booking is cancelled, later changes to a shared walk are not shown to her.
        """
        if self.walk is None or self.contact.cancelled_meeting_place is None:
            return self.walk
        walk = copy(self.walk)
        walk.start_at, walk.meeting_place = self.walk_needed_at, self.contact.cancelled_meeting_place
        return walk

    @property
    def nobody_came_not_contacted(self) -> bool:
        state = self.acknowledgement
        return state.nobody_came_reported_at is not None and state.contacted_at is None and self.is_kept

    @property
    def cut_short_not_contacted(self) -> bool:
        cut_short = self.status == Status.WAITING and self.cut_short_walk_id is not None
        return cut_short and self.acknowledgement.contacted_at is None

    @property
    def reported_nobody_came(self) -> bool:
        """Return whether the requester reported that nobody came. Ignore a report from before the walk was moved."""
        if self.walk is None:
            return False
        reported_at = self.acknowledgement.nobody_came_reported_at
        return reported_at is not None and reported_at >= self.walk.start_at

    @property
    def has_open_safeguarding(self) -> bool:
        flag = flag_of(self)
        return flag is not None and flag.is_open

    @property
    def awaits_decision(self) -> bool:
        return self.status in (Status.WAITING, Status.OFFERED)

    @property
    def is_awaiting_answer(self) -> bool:
        return self.answered_at is None and (self.status == Status.WAITING or self.has_open_change_request)

    @property
    def has_priority(self) -> bool:
        return self.awaits_decision and self.cut_short_walk_id is not None

    @property
    def has_open_change_request(self) -> bool:
        return self.status == Status.SCHEDULED and self.change_requested_at is not None

    @property
    def have_all_times_passed(self) -> bool:
        return self.status == Status.WAITING and self.times_passed_at is not None

    def current_preferred_times(self) -> list[PreferredTime]:
        """Return the times that the requester asks for now. Prefetch `preferred_times` for lists."""
        return [
            preferred_time
            for preferred_time in self.preferred_times.all()
            if preferred_time.round == self.preferred_times_round
        ]

    def may_become(self, status: Status) -> bool:
        return status in TRANSITIONS[Status(self.status)]

    def alternative_labels(self) -> list[str]:
        """Return the alternatives to the declined walk, worded for the requester."""
        return [str(DeclineAlternative(code).label) for code in self.alternatives.split()]
