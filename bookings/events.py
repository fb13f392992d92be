"""The history of bookings and walks: recording events, and showing them to staff."""

import datetime
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.events import Event, EventNote
from bookings.statuses import (
    HERS_ALONE,
    CancelReason,
    ContactMethod,
    DeclineReason,
    EventKind,
    SafeguardingOutcome,
    StaffBookingMethod,
    Status,
    Whereabouts,
)
from boroughs.models.officers import Officer
from walks.models.walks import Walk

CONVERSATIONS = frozenset(
    {
        EventKind.CONTACTED,
        EventKind.CONFIRMED,
        EventKind.ONE_OFFICER_ACCEPTED,
        EventKind.ONE_OFFICER_REFUSED,
        EventKind.CARD_READ_OUT,
    }
)
"""Events whose code, if they have one, says how a colleague spoke with the requester."""

REASONS: dict[str, type[DeclineReason] | type[CancelReason]] = {
    EventKind.DECLINED: DeclineReason,
    EventKind.CANCELLED_BY_US: CancelReason,
}
PROGRESS_EVENTS = frozenset(
    {
        EventKind.TAKEOVER_ASKED,
        EventKind.TAKEOVER_ACCEPTED,
        EventKind.TAKEOVER_DECLINED,
        EventKind.TAKEOVER_WITHDRAWN,
        EventKind.SET_OFF,
        EventKind.ARRIVED,
        EventKind.WAITING_WITH_REQUESTER,
        EventKind.ESCORT_BEGAN,
        EventKind.STARTED,
        EventKind.ENDED,
        EventKind.START_UNDONE,
        EventKind.END_UNDONE,
        EventKind.CALLED_AWAY,
        EventKind.RECORDED_COMPLETED,
        EventKind.NO_BOOKINGS_LEFT,
    }
)

TEAM_CHANGE_EVENTS = frozenset({EventKind.HANDED_OVER, EventKind.REASSIGNED})

COLLEAGUE_NOTES = frozenset({EventKind.NOTE_ADDED, EventKind.HANDED_OVER})
"""Events whose note is for the colleagues who decide next."""

HANDOVER_NOTICE_PERIOD = datetime.timedelta(hours=12)


@dataclass(frozen=True)
class HistoryLine:
    at: datetime.datetime
    what: str
    why: str
    by: Officer | None
    approved_by: Officer | None = None
    """The second inspector, who agreed to it."""


def load_history(booking: Booking) -> None:
    """Read the booking's events for `get_history` and `get_colleague_notes`. One query."""
    prefetch_related_objects([booking], Prefetch("events", Event.objects.select_related("by", "approved_by")))


def get_history(booking: Booking) -> list[HistoryLine]:
    """Return the booking's history as staff may read it, newest first."""
    shown = [event for event in booking.events.all() if event.kind not in HERS_ALONE or event.by_id is not None]
    return [replace(_history_line(event), approved_by=event.approved_by) for event in reversed(shown)]


def get_colleague_notes(booking: Booking) -> list[HistoryLine]:
    """Return the notes written since this team got the booking, newest first, and the note that came with it.

    Other teams' notes are private.
    """
    notes: list[HistoryLine] = []
    for event in booking.events.all():
        if event.kind in TEAM_CHANGE_EVENTS:
            notes = []
        if event.kind in COLLEAGUE_NOTES and event.note:
            notes.insert(0, HistoryLine(event.at, event.get_kind_display(), event.note, event.by))
    return notes


def recent_handover_from(user: Officer, pk: UUID, *, now: datetime.datetime) -> Event | None:
    """Return the latest handover of this booking from the inspector's BCU, within the last twelve hours.

    An inspector who was about to decide on the booking sees it. Never return the handover of a restricted booking.
    """
    if user.role != Officer.Role.INSPECTOR or user.bcu is None:
        return None
    recent = Event.objects.filter(kind=EventKind.HANDED_OVER, booking=pk, at__gte=now - HANDOVER_NOTICE_PERIOD)
    shown = recent.filter(booking__nominated_inspector=None, booking__erasure_due_at=None)
    handover = shown.select_related("by").last()
    return handover if handover is not None and handover.code.startswith(f"{user.bcu.code} ") else None


def outcome_reason(booking: Booking) -> str:
    """Return our reason for declining or cancelling, as the requester reads it after "because", or ""."""
    reasons = {Status.DECLINED: DeclineReason, Status.CANCELLED_BY_US: CancelReason}.get(Status(booking.status))
    return str(reasons(booking.outcome_code).label) if reasons else ""


def decision_note(booking: Booking) -> str:
    """Return the inspector's note to the requester from when the booking got its present status, or ""."""
    ending = booking.events.filter(to_status=booking.status).last()
    return ending.note if ending is not None else ""


def get_walk_progress(walk: Walk) -> list[HistoryLine]:
    """Return what the officers recorded on this walk, in order."""
    return [_history_line(event) for event in walk.events.filter(kind__in=PROGRESS_EVENTS).select_related("by")]


def _history_line(event: Event) -> HistoryLine:
    if event.kind == EventKind.CALLED_AWAY:
        return HistoryLine(
            event.at, event.get_kind_display(), f"She is: {Whereabouts(event.code).label.lower()}.", event.by
        )
    if event.kind == EventKind.NOTE_ADDED:  # only the author's team may read the note
        return HistoryLine(event.at, event.get_kind_display(), "", event.by)
    if event.kind == EventKind.UNDONE:
        undone = EventKind(event.code).label
        return HistoryLine(event.at, event.get_kind_display(), f"“{undone}”, before any message left.", event.by)
    if event.kind == EventKind.SAFEGUARDING_CLOSED:
        return HistoryLine(event.at, event.get_kind_display(), f"{SafeguardingOutcome(event.code).label}.", event.by)
    if event.kind == EventKind.REQUESTED and event.code:
        return HistoryLine(
            event.at,
            f"{event.get_kind_display()}, {StaffBookingMethod(event.code).label.lower()}",
            event.note,
            event.by,
        )
    if event.kind in CONVERSATIONS and event.code:
        how = f"{ContactMethod(event.code).label}."
        return HistoryLine(event.at, event.get_kind_display(), "\n".join(filter(None, [how, event.note])), event.by)
    reasons = REASONS.get(event.kind)
    reason = f"Because {reasons(event.code).label}." if reasons and event.code else ""
    return HistoryLine(event.at, event.get_kind_display(), "\n".join(filter(None, [reason, event.note])), event.by)


def record(
    kind: EventKind,
    *,
    booking: Booking | None = None,
    walk: Walk | None = None,
    by: Officer | None = None,
    from_status: str = "",
    to_status: str = "",
    code: str = "",
    note: str = "",
    approved_by: Officer | None = None,
    undoes: Event | None = None,
    at: datetime.datetime | None = None,
) -> Event:
    """Record that something happened now or, where a job records it, at that moment."""
    row = booking or walk
    event = Event.objects.create(
        at=at or timezone.now(),
        kind=kind,
        booking=booking,
        walk=walk,
        by=by,
        approved_by=approved_by,
        from_status=from_status,
        to_status=to_status,
        code=code,
        version=row.version if row else None,
        undoes=undoes,
    )
    event.note = note
    if note:
        EventNote.objects.create(event=event, text=note)
    return event
