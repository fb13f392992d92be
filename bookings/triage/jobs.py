"""Jobs for late answers, and for restricted bookings that have lost their inspector."""

import datetime

from django.db.models import F, Q

from bookings.models.bookings import Booking
from bookings.response_targets import answers_at_risk_until
from bookings.triage.escalation import send_answer_due_alert
from bookings.triage.reassignment import reassign_booking
from outbox.jobs import BATCH, for_each


def reassign_restricted_bookings(now: datetime.datetime) -> None:
    """Reassign restricted bookings whose nominated inspector has left, because nobody can see them."""
    for_each(
        Booking.objects.with_departed_nominated_inspector().order_by("walk_needed_at", "pk")[:BATCH], reassign_booking
    )


def send_answer_due_alerts(now: datetime.datetime) -> None:
    """Alert teams to answers that are at risk or late."""
    due = Booking.objects.answer_due_by(answers_at_risk_until(now)).select_related(
        "bcu", "nominated_inspector", "contact"
    )
    late = Q(answer_due_at__lte=now)
    already_alerted = Q(response_target__late_alerted_for=F("answer_due_at")) | ~late & Q(
        response_target__at_risk_alerted_for=F("answer_due_at")
    )
    for_each(due.exclude(already_alerted)[:BATCH], lambda booking: send_answer_due_alert(booking, now=now))
