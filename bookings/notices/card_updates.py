"""Tell everyone about a changed walk: requesters get the whole walk card again, officers a short message."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_scheduled_bookings
from bookings.models.bookings import Booking
from bookings.notices.emails import send_booking_changed
from bookings.notices.officer_emails import send_officer_walk_changed
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
        booking.walk = walk  # the booking was read before the walk changed
        save_changes(booking, walk_needed_at=walk.start_at, version=booking.version + 1)
        booking.contact.advance_calendar_entry()
        save_changes(booking.acknowledgement, acknowledged_at=None, informed_at=None)
        unsent_and_new = merge_changes(_unsent_changes(booking), changes)
        event = record(EventKind.CHANGED, booking=booking, by=by, note="\n".join(unsent_and_new))
        send_booking_changed(booking, event, changes=unsent_and_new)


def _unsent_changes(booking: Booking) -> list[str]:
    """Return earlier changes whose message is still unsent, because the message that replaces it must include them."""
    unsent = Message.objects.in_thread(requester_thread(booking)).unsent()
    return last_changes(booking) if unsent.filter(kind="changed", superseded_at=None).exists() else []


def notify_companions_changed(
    walk: Walk, bookings: list[Booking], *, kind: EventKind, changes: Sequence[str], by: Officer | None = None
) -> None:
    """Tell these requesters and the officers that the companions have changed. The caller holds all the locks."""
    save_changes(walk, version=walk.version + 1)
    record(kind, walk=walk, by=by)
    notify_requesters_of_change(walk, bookings, by=by, changes=list(changes))
    for officer in walk.live_officers() if bookings else ():
        send_officer_walk_changed(walk, officer, changes=["Who comes along has changed: look at the walk."])


def issue_new_walk_card(walk: Walk, *, by: Officer | None, other_changes: Collection[str] = ()) -> None:
    """Send the walk card again with a new phrase, after an officer has left. The caller holds the lock on the walk."""
    officers_phrase, requester_phrase = generate_phrases()
    save_changes(walk, officers_phrase=officers_phrase, requester_phrase=requester_phrase)
    changes = [_("The officers and the phrase have changed."), *other_changes]
    notify_requesters_of_change(walk, lock_scheduled_bookings(walk), by=by, changes=changes)
    for officer in walk.live_officers():
        send_officer_walk_changed(walk, officer, changes=changes)
