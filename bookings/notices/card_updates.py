"""The walk is another one than they knew of: its women get the whole card again, and its officers word of it."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_scheduled_bookings
from bookings.models.bookings import Booking
from bookings.notices.emails import booking_changed
from bookings.notices.officer_emails import officer_walk_changed
from bookings.notices.threads import requester_thread
from bookings.notices.walk_card import last_changes
from bookings.notices.walk_changes import merge_changes
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from outbox.models import Message
from walkandtalk.lib.rows import save_changes
from walks.models.walks import Walk
from walks.phrases import generate_phrases


def notify_requesters_of_change(walk: Walk, bookings: list[Booking], *, by: Officer | None, changes: list[str]) -> None:
    for booking in bookings:
        booking.walk = walk  # as it is now: the booking was read before it changed
        save_changes(booking, walk_needed_at=walk.start_at, version=booking.version + 1)
        booking.contact.advance_calendar_entry()
        save_changes(booking.acknowledgement, acknowledged_at=None, informed_at=None)
        said = merge_changes(_unsent_changes(booking), changes)
        event = record(EventKind.CHANGED, booking=booking, by=by, note="\n".join(said))
        booking_changed(booking, event, changes=said)


def _unsent_changes(booking: Booking) -> list[str]:
    """What changed before, where that message is still unsent: the one that takes its place has to say it too."""
    unsent = Message.objects.in_thread(requester_thread(booking)).unsent()
    return last_changes(booking) if unsent.filter(kind="changed", superseded_at=None).exists() else []


def notify_companions_changed(
    walk: Walk, bookings: list[Booking], *, kind: EventKind, changes: Sequence[str], by: Officer | None = None
) -> None:
    """Who comes along has changed: the card again for these women, and word to the officers. The caller holds all."""
    save_changes(walk, version=walk.version + 1)
    record(kind, walk=walk, by=by)
    notify_requesters_of_change(walk, bookings, by=by, changes=list(changes))
    for officer in walk.live_officers() if bookings else ():
        officer_walk_changed(walk, officer, changes=["Who comes along has changed: look at the walk."])


def issue_new_walk_card(walk: Walk, *, by: Officer | None, also: Collection[str] = ()) -> None:
    """An officer has left, and enough are left: a new phrase, and the card again. The caller holds the walk."""
    they, you = generate_phrases()
    save_changes(walk, officers_phrase=they, requester_phrase=you)
    changes = [_("The officers and the phrase have changed."), *also]
    notify_requesters_of_change(walk, lock_scheduled_bookings(walk), by=by, changes=changes)
    for officer in walk.live_officers():
        officer_walk_changed(walk, officer, changes=changes)
