"""Late answers and restricted bookings that lost their inspector, started by the clock."""

import datetime

from django.db.models import F, Q

from bookings.models.bookings import Booking
from bookings.response_targets import at_risk_until
from bookings.triage.escalation import escalate_answer
from bookings.triage.reassignment import pass_on_booking
from outbox.jobs import BATCH, for_each


def pass_on_restricted_bookings(now: datetime.datetime) -> None:
    """What nobody sees any more, because its handler has left, goes to another."""
    for_each(Booking.objects.whose_handler_has_left().order_by("needed_at", "pk")[:BATCH], pass_on_booking)


def escalate_answers(now: datetime.datetime) -> None:
    """Answers that we may give too late, and those that we have not given in time."""
    owed = Booking.objects.to_answer_by(at_risk_until(now)).select_related("bcu", "handler", "contact")
    late = Q(answer_due_at__lte=now)
    told = Q(late_told_for=F("answer_due_at")) | ~late & Q(at_risk_told_for=F("answer_due_at"))
    for_each(owed.exclude(told)[:BATCH], lambda booking: escalate_answer(booking, now=now))
