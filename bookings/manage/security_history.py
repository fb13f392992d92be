"""The changes to her PIN, address and team that a requester's page shows.

docs/rules.md#acts-on-her-credentials
"""

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.statuses import EventKind
from walkandtalk.lib import london

OWN_ACTS: dict[str, Promise] = {
    EventKind.PIN_CHOSEN: _("You chose a new PIN"),
    EventKind.ADDRESS_CORRECTED: _("You changed your email address"),
    EventKind.ADDRESS_CONFIRMED: _("You confirmed your new email address"),
    EventKind.INBOX_UNSAFE: _("You told us that your inbox isn’t safe"),
    EventKind.MESSAGES_STOPPED: _("You asked us to stop writing"),
    EventKind.MESSAGES_RESUMED: _("You asked us to write again"),
    EventKind.FROZEN: _("You told us “This wasn’t me”"),
}
TEAM_ACTS: dict[str, Promise] = {
    EventKind.PIN_RESET: _("The team made a new PIN to read out to you"),
    EventKind.FIRST_PIN_ISSUED: _("The team made your first PIN to read out to you"),
    EventKind.ADDRESS_CORRECTED: _("The team changed your email address"),
    EventKind.HANDED_OVER: _("Another team took over your request"),
    EventKind.REASSIGNED: _("Another inspector took over your request"),
    EventKind.UNFROZEN: _("A different team spoke with you and opened this page again"),
    EventKind.CARD_READ_OUT: _("The team read the details of your walk to you on the phone"),
    EventKind.COPY_EXPORTED: _("A copy of your details was printed for you"),
}
WRONG_PINS = _("Someone entered a wrong PIN 20 times on %(day)s. Nobody got in that way.")
BY_NOBODY = {EventKind.REASSIGNED, EventKind.COPY_EXPORTED}
"""Acts of the team that the clock or an operator carries out."""


@dataclass(frozen=True)
class SecurityEvent:
    at: datetime.datetime
    what: Promise | str
    is_of_team: bool
    is_attempt: bool = False
    """Someone tried to get in, and changed nothing."""


def security_history(booking: Booking) -> list[SecurityEvent]:
    """Return the acts on her credentials and contact details, hers and the team's, newest first. One query."""
    kinds = [*OWN_ACTS, *TEAM_ACTS, EventKind.WRONG_PINS]
    rows = booking.events.filter(kind__in=kinds).select_related(None)  # without the notes
    events = rows.only("booking", "kind", "at", "by", "code").reverse()
    return [line for event in events if (line := _security_event(event)) is not None]


def _security_event(event: Event) -> SecurityEvent | None:
    """Return the line for this event, or None if the team's act of this kind is none on her credentials."""
    if event.kind == EventKind.WRONG_PINS:
        day = london.long_date(datetime.date.fromisoformat(event.code))
        return SecurityEvent(event.at, WRONG_PINS % {"day": day}, is_of_team=False, is_attempt=True)
    is_of_team = event.by_id is not None or event.kind in BY_NOBODY
    words = (TEAM_ACTS if is_of_team else OWN_ACTS).get(event.kind)
    return SecurityEvent(event.at, words, is_of_team) if words is not None else None
