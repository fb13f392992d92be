"""What has happened to a booking, in words for staff."""

import datetime
from dataclasses import dataclass

from bookings.models import Booking, Event
from bookings.statuses import CancelReason, DeclineReason, EventKind
from boroughs.models import Officer

REASONS: dict[str, type[DeclineReason] | type[CancelReason]] = {
    EventKind.DECLINED: DeclineReason,
    EventKind.CANCELLED_BY_US: CancelReason,
}


@dataclass(frozen=True)
class Line:
    at: datetime.datetime
    what: str
    why: str
    by: Officer | None


def history_of(booking: Booking) -> list[Line]:
    """The newest first."""
    return [_line(event) for event in reversed(booking.events.all())]


def _line(event: Event) -> Line:
    reasons = REASONS.get(event.kind)
    reason = f"Because {reasons(event.code).label}." if reasons and event.code else ""
    return Line(event.at, event.get_kind_display(), "\n".join(filter(None, [reason, event.note])), event.by)
