"""What has happened to a booking, in words for staff."""

import datetime
from dataclasses import dataclass

from bookings.models import Booking, Event, Walk
from bookings.statuses import CancelReason, DeclineReason, EventKind, Whereabouts
from boroughs.models import Officer

REASONS: dict[str, type[DeclineReason] | type[CancelReason]] = {
    EventKind.DECLINED: DeclineReason,
    EventKind.CANCELLED_BY_US: CancelReason,
}
PRESSES = frozenset(
    {
        EventKind.SET_OFF,
        EventKind.ARRIVED,
        EventKind.STARTED,
        EventKind.ENDED,
        EventKind.CALLED_AWAY,
        EventKind.TOOK_PLACE,
        EventKind.NOBODY_LEFT,
    }
)


@dataclass(frozen=True)
class Line:
    at: datetime.datetime
    what: str
    why: str
    by: Officer | None


def history_of(booking: Booking) -> list[Line]:
    """The newest first."""
    return [_line(event) for event in reversed(booking.events.all())]


def presses_of(walk: Walk) -> list[Line]:
    """What its officers pressed, in order."""
    return [_line(event) for event in walk.events.filter(kind__in=PRESSES).select_related("by")]


def _line(event: Event) -> Line:
    if event.kind == EventKind.CALLED_AWAY:
        return Line(event.at, event.get_kind_display(), f"She is: {Whereabouts(event.code).label.lower()}.", event.by)
    reasons = REASONS.get(event.kind)
    reason = f"Because {reasons(event.code).label}." if reasons and event.code else ""
    return Line(event.at, event.get_kind_display(), "\n".join(filter(None, [reason, event.note])), event.by)
