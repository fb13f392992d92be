"""Build what a requester's copy leaves out, for two inspectors who decide whether she gets it."""

from bookings.models.bookings import Booking
from bookings.models.claims import get_claim
from bookings.models.events import Event
from bookings.models.safeguarding import flag_of
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from data_rights.copy.event_audiences import SHOWN_EVENTS
from data_rights.copy.personal_copy import StaffNoteCopy, StaffNotes
from feedback.models.concerns import Concern
from feedback.models.events import ConcernEvent
from feedback.models.notes import WalkNote
from feedback.statuses import State


def build_staff_notes(booking: Booking) -> StaffNotes:
    claim, nominated = get_claim(booking), booking.nominated_inspector
    walk_notes = WalkNote.objects.filter(booking=booking, erased_at=None).select_related("by").order_by("at", "pk")
    return StaffNotes(
        assigned_to=claim.officer.display_name if claim is not None else "",
        kept_from=booking.bcu.team_name if nominated is not None else "",
        nominated_inspector=nominated.display_name if nominated is not None else "",
        safeguarding=_safeguarding(booking),
        history=[_event(event) for event in booking.events.select_related("by") if _is_left_out(event)],
        concerns=_concerns(booking),
        walk_notes=[_walk_note(note) for note in walk_notes],
    )


def _is_left_out(event: Event) -> bool:
    shown = SHOWN_EVENTS[EventKind(event.kind)]
    return shown is None or (bool(event.note) and not shown.has_note)


def _event(event: Event) -> StaffNoteCopy:
    return StaffNoteCopy(at=event.at, what=event.get_kind_display(), by=_name(event.by), words=event.note)


def _safeguarding(booking: Booking) -> list[StaffNoteCopy]:
    flag = flag_of(booking)
    if flag is None:
        return []
    outcome = flag.get_outcome_display() if flag.outcome else "Open"
    return [StaffNoteCopy(at=flag.at, what=outcome, by=_name(flag.by), words="")]


def _concerns(booking: Booking) -> list[StaffNoteCopy]:
    """Return officers' notes that were diverted, and what colleagues wrote about her concerns for others."""
    notes = []
    for concern in Concern.objects.submitted_for(booking).order_by("reported_at", "pk"):
        by_officer = concern.report.by_officer
        if by_officer is not None and concern.state == State.DIVERTED:
            words = f"{concern.place}\n{concern.text}"
            notes.append(StaffNoteCopy(at=concern.reported_at, what=str(concern), by=_name(by_officer), words=words))
        if concern.external_reference:
            reference = f"Reference of another agency: {concern.external_reference}"
            notes.append(StaffNoteCopy(at=concern.reported_at, what=str(concern), by="", words=reference))
        notes += [_concern_event(event) for event in concern.events.select_related("by")]
    return notes


def _concern_event(event: ConcernEvent) -> StaffNoteCopy:
    return StaffNoteCopy(at=event.at, what=event.get_to_state_display(), by=_name(event.by), words=event.internal)


def _walk_note(note: WalkNote) -> StaffNoteCopy:
    return StaffNoteCopy(at=note.at, what=", ".join(note.code_labels()), by=_name(note.by), words=note.words)


def _name(officer: Officer | None) -> str:
    return officer.display_name if officer is not None else ""
