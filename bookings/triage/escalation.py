"""Alerts to the team about answers that are at risk or late."""

import datetime

from django.db import transaction

from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.response_targets import answers_at_risk_until
from bookings.statuses import EventKind
from bookings.triage import emails
from walkandtalk.lib.rows import save_changes


@transaction.atomic
def send_answer_due_alert(booking: Booking, *, now: datetime.datetime) -> None:
    """Alert the team once when the answer is at risk and once when it is late. A new response target alerts again."""
    lock_booking(booking)
    due = booking.answer_due_at
    if not booking.is_awaiting_answer or due > answers_at_risk_until(now):
        return
    is_late = due <= now
    target = booking.response_target
    if due in (target.late_alerted_for, None if is_late else target.at_risk_alerted_for):
        return
    save_changes(target, **{"late_alerted_for" if is_late else "at_risk_alerted_for": due})
    event = record(EventKind.RESPONSE_LATE if is_late else EventKind.RESPONSE_AT_RISK, booking=booking)
    emails.send_team_answer_due(booking, event)
