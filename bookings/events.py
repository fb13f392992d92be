"""The history of bookings and walks: writing an event, and showing events to staff."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.statuses import CancelReason, DeclineReason, EventKind, SafeguardingOutcome, TakenHow, Whereabouts
from boroughs.models.officers import Officer
from walks.models.walks import Walk

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

CHANGES_OF_TEAM = frozenset({EventKind.HANDED_OVER, EventKind.PASSED_ON})

PAGE_STANDS_OPEN = datetime.timedelta(hours=12)


@dataclass(frozen=True)
class Line:
    at: datetime.datetime
    what: str
    why: str
    by: Officer | None


def history_of(booking: Booking) -> list[Line]:
    """The newest first."""
    return [_line(event) for event in reversed(booking.events.all())]


def notes_of(booking: Booking) -> list[Line]:
    """What colleagues noted for each other since this team has it, the newest first. Other teams' notes were theirs."""
    notes: list[Line] = []
    for event in booking.events.all():
        if event.kind in CHANGES_OF_TEAM:
            notes = []
        elif event.kind == EventKind.NOTED and event.note:
            notes.insert(0, Line(event.at, event.get_kind_display(), event.note, event.by))
    return notes


def handed_over_from(user: Officer, uuid: UUID, *, now: datetime.datetime) -> Event | None:
    """Who has just handed this booking over from her BCU, to be told to her who was about to decide on it.

    What is kept from a BCU is never spoken of.
    """
    if user.role != Officer.Role.INSPECTOR or user.bcu is None:
        return None
    lately = Event.objects.filter(kind=EventKind.HANDED_OVER, booking=uuid, at__gte=now - PAGE_STANDS_OPEN)
    last = lately.filter(booking__handler=None).select_related("by").last()
    return last if last is not None and last.code.startswith(f"{user.bcu.code} ") else None


def presses_of(walk: Walk) -> list[Line]:
    """What its officers pressed, in order."""
    return [_line(event) for event in walk.events.filter(kind__in=PRESSES).select_related("by")]


def _line(event: Event) -> Line:
    if event.kind == EventKind.CALLED_AWAY:
        return Line(event.at, event.get_kind_display(), f"She is: {Whereabouts(event.code).label.lower()}.", event.by)
    if event.kind == EventKind.NOTED:  # its words stand above, for the team that they were written for
        return Line(event.at, event.get_kind_display(), "", event.by)
    if event.kind == EventKind.SAFEGUARDING_CLOSED:
        return Line(event.at, event.get_kind_display(), f"{SafeguardingOutcome(event.code).label}.", event.by)
    if event.kind == EventKind.REQUESTED and event.code:
        return Line(event.at, f"{event.get_kind_display()}, {TakenHow(event.code).label.lower()}", event.note, event.by)
    reasons = REASONS.get(event.kind)
    reason = f"Because {reasons(event.code).label}." if reasons and event.code else ""
    return Line(event.at, event.get_kind_display(), "\n".join(filter(None, [reason, event.note])), event.by)


def record(
    kind: EventKind,
    *,
    booking: Booking | None = None,
    walk: Walk | None = None,
    by: Officer | None = None,
    was: str = "",
    to: str = "",
    code: str = "",
    note: str = "",
) -> Event:
    row = booking or walk
    return Event.objects.create(
        kind=kind,
        booking=booking,
        walk=walk,
        by=by,
        from_status=was,
        to_status=to,
        code=code,
        note=note,
        edition=row.edition if row else None,
    )
