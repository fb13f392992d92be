"""The indexes of bookings, one for each query of a page or a job."""

from django.db import models
from django.db.models import Q

from bookings.models.conditions import (
    ALL_TIMES_PASSED,
    CANCELLED_BY_US,
    CUT_SHORT,
    ENTERED_AT,
    FROZEN,
    KEPT,
    STATUS_IS_OPEN,
    UNANSWERED,
)
from bookings.statuses import OPEN_STATUSES, Status

BOOKING_INDEXES = [
    models.Index(
        fields=["bcu", "walk_needed_at"], condition=Q(status__in=sorted(OPEN_STATUSES)), name="open_bookings_of_a_bcu"
    ),
    # This keeps the queue in order for an inspector who is also nominated for bookings of another BCU.
    models.Index(fields=["walk_needed_at"], condition=Q(status__in=sorted(OPEN_STATUSES)), name="open_bookings"),
    models.Index(
        fields=["nominated_inspector", "walk_needed_at"],
        condition=Q(nominated_inspector__isnull=False),
        name="bookings_by_nominated",
    ),
    models.Index(
        fields=["unconfirmed_since"],
        condition=Q(status=Status.WAITING, confirmed_at=None),
        name="unconfirmed_bookings",
    ),
    models.Index(
        fields=["asked_at"],
        condition=KEPT & ~Q(status__in=sorted(OPEN_STATUSES)),
        name="ended_bookings_not_erased",
    ),
    models.Index(
        fields=["erasure_due_at"],
        condition=Q(erased_at=None, erasure_due_at__isnull=False),
        name="bookings_awaiting_erasure",
    ),
    # The queue in its order, and each of its filters in the same order.
    models.Index(fields=["queue_at", "walk_needed_at"], condition=STATUS_IS_OPEN, name="queue"),
    models.Index(fields=["bcu", "queue_at", "walk_needed_at"], condition=STATUS_IS_OPEN, name="queue_of_a_bcu"),
    models.Index(fields=["borough", "queue_at", "walk_needed_at"], condition=STATUS_IS_OPEN, name="queue_of_a_borough"),
    models.Index(fields=["ward", "queue_at", "walk_needed_at"], condition=STATUS_IS_OPEN, name="queue_of_a_ward"),
    models.Index(
        fields=["bcu", "queue_at", "walk_needed_at"],
        condition=STATUS_IS_OPEN & Q(confirmed_at=None),
        name="queue_not_confirmed",
    ),
    models.Index(ENTERED_AT, condition=STATUS_IS_OPEN, name="newest_of_the_queue"),  # open pages ask every few seconds
    # The rest of each condition is in other tables, looked up for the few bookings found here.
    models.Index(fields=["bcu", "walk_needed_at"], condition=CANCELLED_BY_US, name="bookings_cancelled_by_us"),
    models.Index(fields=["bcu", "walk_needed_at"], condition=CUT_SHORT, name="bookings_after_cut_short"),
    models.Index(fields=["bcu", "walk_needed_at"], condition=ALL_TIMES_PASSED, name="bookings_all_times_passed"),
    models.Index(fields=["bcu"], condition=FROZEN, name="frozen_bookings"),
    # For the figures, which count what happened in a period, in one BCU or in all.
    models.Index(fields=["asked_at"], name="bookings_by_asked_at", include=["bcu", "nominated_inspector", "status"]),
    models.Index(fields=["source", "bcu"], condition=Q(source__gt=""), name="bookings_by_poster"),
    models.Index(fields=["bcu", "answer_due_at"], condition=UNANSWERED, name="unanswered_bookings_of_a_bcu"),
    models.Index(fields=["answer_due_at"], condition=UNANSWERED, name="unanswered_bookings"),
    models.Index(
        fields=["walk_needed_at"],
        condition=Q(status=Status.WAITING, times_passed_at=None),
        name="bookings_waiting",
    ),
]
