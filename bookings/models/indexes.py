"""An index for each question that a page or a job asks of bookings."""

from django.db import models
from django.db.models import Q

from bookings.models.conditions import (
    CUT_OFF,
    IS_OPEN,
    LEFT_WAITING,
    NOT_KNOWN_TO_KNOW,
    PASSED_UNANSWERED,
    SAFEGUARDING,
    UNANSWERED,
)
from bookings.statuses import OPEN, Status

BOOKING_INDEXES = [
    models.Index(fields=["bcu", "needed_at"], condition=Q(status__in=sorted(OPEN)), name="open_bookings_of_a_bcu"),
    # With it the queue of an inspector who handles some of another BCU's is still read in its order.
    models.Index(fields=["needed_at"], condition=Q(status__in=sorted(OPEN)), name="open_bookings"),
    models.Index(fields=["handler", "needed_at"], condition=Q(handler__isnull=False), name="bookings_of_a_handler"),
    models.Index(
        fields=["unconfirmed_since"],
        condition=Q(status=Status.WAITING, confirmed_at=None),
        name="unconfirmed_bookings",
    ),
    models.Index(
        fields=["asked_at"],
        condition=Q(forgotten_at=None) & ~Q(status__in=sorted(OPEN)),
        name="ended_bookings_not_forgotten",
    ),
    # The queue, in its order, and in the same order what each of its filters leaves.
    models.Index(fields=["turn_at", "needed_at"], condition=IS_OPEN, name="queue"),
    models.Index(fields=["bcu", "turn_at", "needed_at"], condition=IS_OPEN, name="queue_of_a_bcu"),
    models.Index(fields=["borough", "turn_at", "needed_at"], condition=IS_OPEN, name="queue_of_a_borough"),
    models.Index(fields=["ward", "turn_at", "needed_at"], condition=IS_OPEN, name="queue_of_a_ward"),
    models.Index(
        fields=["bcu", "turn_at", "needed_at"], condition=IS_OPEN & Q(confirmed_at=None), name="queue_not_confirmed"
    ),
    models.Index(
        fields=["bcu", "turn_at", "needed_at"], condition=IS_OPEN & Q(first_read_at=None), name="queue_not_read"
    ),
    models.Index(fields=["bcu", "turn_at", "needed_at"], condition=IS_OPEN & Q(taken_by=None), name="queue_nobody_has"),
    models.Index(
        fields=["taken_by", "turn_at", "needed_at"], condition=IS_OPEN & Q(taken_by__isnull=False), name="queue_she_has"
    ),
    models.Index(fields=["bcu", "needed_at"], condition=SAFEGUARDING, name="bookings_to_safeguard"),
    models.Index(fields=["bcu", "needed_at"], condition=NOT_KNOWN_TO_KNOW, name="cancelled_and_not_known"),
    models.Index(fields=["bcu", "needed_at"], condition=CUT_OFF, name="bookings_cut_off"),
    models.Index(fields=["bcu", "needed_at"], condition=LEFT_WAITING, name="bookings_nobody_came_to"),
    models.Index(fields=["bcu", "needed_at"], condition=PASSED_UNANSWERED, name="bookings_passed_unanswered"),
    # For the figures: each counts what happened in a time, in one BCU or in all.
    models.Index(fields=["asked_at"], name="bookings_by_asking", include=["bcu", "handler", "status"]),
    models.Index(
        fields=["first_answered_at"],
        condition=Q(first_answered_at__isnull=False),
        name="bookings_by_first_answer",
        include=["bcu", "handler", "asked_at"],
    ),
    models.Index(
        fields=["first_due_at"],
        condition=Q(first_due_at__isnull=False),
        name="bookings_by_first_promise",
        include=["bcu", "handler", "status", "first_answered_at"],
    ),
    models.Index(
        fields=["first_read_due_at"],
        condition=Q(first_read_due_at__isnull=False),
        name="bookings_by_first_reading",
        include=["bcu", "handler", "status", "first_read_at", "first_answered_at"],
    ),
    models.Index(fields=["bcu", "answer_due_at"], condition=UNANSWERED, name="bookings_a_bcu_owes_an_answer"),
    models.Index(fields=["answer_due_at"], condition=UNANSWERED, name="bookings_owed_an_answer"),
    models.Index(
        fields=["needed_at"],
        condition=Q(status=Status.WAITING, choices_passed_at=None),
        name="bookings_waiting",
    ),
]
