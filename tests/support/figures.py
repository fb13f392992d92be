"""Bookings and messages that the figures count."""

import datetime

from django.utils import timezone

from bookings.notices import threads
from figures.showing import FIGURES
from outbox.models import Message
from outbox.statuses import State
from tests.support.factories import BookingFactory, WalkFactory, in_days

HOUR = datetime.timedelta(hours=1)


def find_figure(code):
    return next(figure for figure in FIGURES if figure.code == code)


def make_answered_booking(southwark, hours, *, kept=True, **fields):
    """Return a booking that was requested ten days ago and first answered this many hours later."""
    asked_at = timezone.now() - datetime.timedelta(days=10)
    answer = asked_at + hours * HOUR
    due = answer + (1 if kept else -1) * HOUR
    fields = {
        "asked_at": asked_at,
        "response_target__first_answered_at": answer,
        "answered_at": answer,
        "response_target__first_answer_due_at": due,
    } | fields
    return BookingFactory(borough=southwark, **fields)


def make_booking_of_past_walk(southwark, status, *, days=-2, **fields):
    """Return a booking in this status, with a walk that many days from today."""
    walk = WalkFactory(bcu=southwark.bcu, start_at=in_days(days))
    fields = {"walk_needed_at": walk.start_at, "status": status} | fields
    return BookingFactory(borough=southwark, walk=walk, **fields)


def make_message(booking, state, kind="scheduled", **fields):
    """Return a message to the requester in this state, written 30 hours before her walk."""
    number = Message.objects.count()
    sent_at = booking.walk.start_at - HOUR if state == State.SENT else None
    return Message.objects.create(
        dedupe_key=f"booking:{booking.pk}:{kind}:{number}:requester",
        kind=kind,
        thread=threads.requester_thread(booking),
        message_id=f"<{booking.pk}-{number}@example.com>",
        recipient="maya@example.com",
        subject="Your walk",
        text="Your walk",
        state=state,
        sent_at=sent_at,
        created_at=booking.walk.start_at - 30 * HOUR,
        **fields,
    )
