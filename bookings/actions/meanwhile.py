"""Two people at one booking or walk: nothing is overwritten, and the second reads what the first did."""

from bookings.actions.moves import MoveNotAllowed, lock_booking, require
from bookings.models import Booking, Event, Walk
from bookings.permissions import can_decide
from bookings.statuses import EventKind
from boroughs.models import Officer
from walkandtalk.lib import london


def lock_to_decide(booking: Booking, *, by: Officer, was_shown: int | None = None) -> None:
    """Hold it for her who may decide on it. Where `was_shown` says what her page showed, it must still be so."""
    lock_booking(booking)
    require(can_decide(by, booking))
    if was_shown is not None:
        check_unchanged(booking, was_shown=was_shown)


def check_unchanged(row: Booking | Walk, *, was_shown: int) -> None:
    """Is this still what her page showed? The caller holds the row."""
    if row.edition != was_shown:
        said = "Somebody has changed this since you opened the page"
        done = "; ".join(_in_words(event) for event in row.events.filter(edition__gt=was_shown).select_related("by"))
        raise MoveNotAllowed(
            f"{said}: {done}. Look at it again, then decide." if done else f"{said}. Look at it again."
        )


def check_not_done_yet(booking: Booking, kind: EventKind, *, by: Officer) -> None:
    """Has a colleague pressed this button first? Pressing twice oneself is no mistake."""
    last = booking.events.filter(kind=kind).select_related("by").last()
    if last is not None and last.by != by:
        raise MoveNotAllowed(f"This was done before you pressed: {_in_words(last)}.")


def _in_words(event: Event) -> str:
    """What, who and when: "Declined by Inspector Ines Inspector at 2:02pm on Tuesday 8 December 2026"."""
    who = f" by {event.by.called}" if event.by is not None else ""
    return f"“{event.get_kind_display()}”{who} at {london.clock(event.at)} on {london.long_date(event.at)}"
