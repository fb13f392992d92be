"""Lines of the logs as the auditor's pages, files and messages show them: references and staff, no details."""

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.admin.models import ADDITION, CHANGE, DELETION

from accounts.models import AdminLog
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.read_log import ReadLog
from bookings.statuses import ReadReason
from boroughs.models.officers import Officer
from feedback.models.concerns import Concern
from walkandtalk.lib import london, tokens
from walkandtalk.lib.csv_cells import safe_cell
from walks.models.walks import Walk

KINDS_IN_WORDS = {
    "page": "Request",
    "contact": "Name and contact details",
    "walk": "Walk",
    "note": "Notes",
    "offer": "Offers",
    "team_message": "Messages to the team",
    "approval": "An act to approve",
    "concern": "Concern",
    "phone": "Phone number",
    "card": "Walk card, read out",
    "reason": "Said why",
}
NOT_ASSIGNED = "Not assigned to them"
RESTRICTED = "Restricted"
ACTIONS_IN_WORDS = {ADDITION: "Added", CHANGE: "Changed", DELETION: "Deleted"}


@dataclass(frozen=True)
class Line:
    at: datetime.datetime
    who: Officer | None
    about: str
    what: str
    why: str = ""
    remarks: Sequence[str] = ()
    reference: str = ""
    """The reference that follows `about`."""
    booking: UUID | None = None
    """The booking whose lines the page links to."""
    is_whole_day: bool = False
    """The line is about a day, so its time says nothing."""

    @property
    def subject(self) -> str:
        return f"{self.about} {self.reference}" if self.reference else self.about

    @property
    def person(self) -> str:
        return self.who.display_name if self.who is not None else "Nobody signed in"

    @property
    def clock(self) -> str:
        """The time in London, with seconds, because a line is evidence."""
        return "" if self.is_whole_day else f"{london.local(self.at):%H:%M:%S}"

    @property
    def team(self) -> str:
        return self.who.bcu.name if self.who is not None and self.who.bcu is not None else ""

    @property
    def cells(self) -> list[str]:
        """The line in a CSV file, in the order of `COLUMNS`."""
        texts = [london.local(self.at).isoformat(timespec="seconds"), self.person, self.team]
        return [safe_cell(text) for text in (*texts, self.subject, self.what, self.why, ". ".join(self.remarks))]


COLUMNS = ("Time in London", "Person", "Team", "About", "What", "Why", "Remarks")


def lines_of_looks(looks: Iterable[ReadLog]) -> list[Line]:
    """Return a line for each look. They come from `looks.for_lines`. One query for all concerns."""
    looks = list(looks)
    concerns = _bookings_of_concerns({look.concern_id for look in looks if look.concern_id is not None})
    return [_line_of_look(look, concerns) for look in looks]


def _line_of_look(look: ReadLog, concerns: dict[UUID, tuple[UUID | None, str]]) -> Line:
    booking: UUID | None = look.booking_id
    reference = look.booking.spoken_reference if look.booking is not None else ""
    if look.concern_id is not None:
        booking, reference = concerns.get(look.concern_id, (None, ""))
        about = "Concern about booking" if reference else "A concern"
    elif look.walk_id is not None:
        about = _walk_in_words(look.walk)
    else:
        about = _booking_in_words(look.booking)
    return Line(
        at=look.at,
        who=look.officer,
        about=about,
        reference=reference,
        what=", ".join(KINDS_IN_WORDS.get(kind, kind) for kind in look.kinds),
        why=str(ReadReason(look.reason).label),
        remarks=_remarks(look),
        booking=booking,
    )


def _remarks(look: ReadLog) -> list[str]:
    remarks = [] if getattr(look, "is_explained", True) else [NOT_ASSIGNED]
    if look.booking is not None and look.booking.nominated_inspector_id is not None:
        remarks.append(RESTRICTED)
    return remarks


def _bookings_of_concerns(pks: set[UUID]) -> dict[UUID, tuple[UUID | None, str]]:
    """Return the booking of each concern, and its reference. A report without a walk has none."""
    rows = Concern.objects.filter(pk__in=pks).order_by() if pks else Concern.objects.none()
    found = rows.values_list("pk", "report__booking", "report__booking__reference")
    return {pk: (booking, tokens.format_reference(reference) if reference else "") for pk, booking, reference in found}


def _booking_in_words(booking: Booking | None) -> str:
    # A line outlives its booking only if the action that made the booking was refused.
    return "Booking" if booking is not None else "A booking that was not saved"


def _walk_in_words(walk: Walk | None) -> str:
    if walk is None:
        return "A walk that was not saved"
    return f"Walk of {london.long_date(walk.start_at)}, {london.clock(walk.start_at)}, {walk.bcu.name}"


def lines_of_events(events: Iterable[Event]) -> list[Line]:
    """Return a line for each event of a booking. They come with `by`, `approved_by` and `booking`."""
    return [
        Line(
            at=event.at,
            who=event.by,
            about=_booking_in_words(event.booking),
            reference=event.booking.spoken_reference if event.booking is not None else "",
            what=event.get_kind_display(),
            why=f"Agreed by {event.approved_by.display_name}" if event.approved_by is not None else "",
            remarks=[RESTRICTED] if event.booking is not None and event.booking.nominated_inspector_id else [],
            booking=event.booking_id,
        )
        for event in events
    ]


def lines_of_admin(entries: Iterable[AdminLog]) -> list[Line]:
    """Return a line for each act in the administration: the kind of row and the fields, never a value or a name."""
    return [
        Line(
            at=entry.action_time,
            who=entry.user,
            about=_object_in_words(entry),
            what=ACTIONS_IN_WORDS.get(entry.action_flag, "Acted on"),
            why=", ".join(_changed_fields(entry)),
        )
        for entry in entries
    ]


def _object_in_words(entry: AdminLog) -> str:
    """Return "Officer 12". The log's own words for a row may hold a reference or an email address."""
    model = entry.content_type.model_class() if entry.content_type is not None else None
    kind = str(model._meta.verbose_name).capitalize() if model is not None else "A row"
    return f"{kind} {entry.object_id}" if model is not Booking else "A booking"


def _changed_fields(entry: AdminLog) -> list[str]:
    """Return the names of the changed fields, which Django stores as JSON. Never return a sentence of its own."""
    try:
        parts = json.loads(entry.change_message or "[]")
    except ValueError:
        return []
    return [str(name) for part in parts for about in part.values() for name in about.get("fields", [])]
