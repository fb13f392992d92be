"""The walk is another one than they knew of: its women get the whole card again, and its officers word of it."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_bookings_of
from bookings.models.bookings import Booking
from bookings.notices.emails import booking_changed
from bookings.notices.officer_emails import officer_walk_changed
from bookings.notices.threads import her_thread
from bookings.notices.walk_card import last_changes
from bookings.notices.walk_changes import together
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from outbox.models import Message
from walks.models.walks import Walk
from walks.phrases import new_phrases


def tell_women_of_change(walk: Walk, bookings: list[Booking], *, by: Officer | None, changes: list[str]) -> None:
    for booking in bookings:
        booking.walk, booking.needed_at = walk, walk.start_at
        booking.calendar_sequence += 1
        booking.version += 1
        booking.seen_at = booking.told_at = None
        changed = ["calendar_sequence", "version", "needed_at", "seen_at", "told_at", "asked_again_at", "answered_at"]
        booking.save(update_fields=changed)
        said = together(_not_sent_yet(booking), changes)
        event = record(EventKind.CHANGED, booking=booking, by=by, note="\n".join(said))
        booking_changed(booking, event, changes=said)


def _not_sent_yet(booking: Booking) -> list[str]:
    """What changed before, where that message is still unsent: the one that takes its place has to say it too."""
    unsent = Message.objects.in_thread(her_thread(booking)).unsent()
    return last_changes(booking) if unsent.filter(kind="changed", superseded_at=None).exists() else []


def tell_company(
    walk: Walk, women: list[Booking], *, kind: EventKind, changes: Sequence[str], by: Officer | None = None
) -> None:
    """Who comes along has changed: the card again for these women, and word to the officers. The caller holds all."""
    walk.revision += 1
    walk.save(update_fields=["revision"])
    record(kind, walk=walk, by=by)
    tell_women_of_change(walk, women, by=by, changes=list(changes))
    for officer in walk.live_officers() if women else ():
        officer_walk_changed(walk, officer, changes=["Who comes along has changed: look at the walk."])


def reissue_card(walk: Walk, *, by: Officer | None, also: Collection[str] = ()) -> None:
    """An officer has left, and enough are left: a new phrase, and the card again. The caller holds the walk."""
    walk.phrase_they, walk.phrase_you = new_phrases()
    walk.save(update_fields=["phrase_they", "phrase_you"])
    changes = [_("The officers and the phrase have changed."), *also]
    tell_women_of_change(walk, lock_bookings_of(walk), by=by, changes=changes)
    for officer in walk.live_officers():
        officer_walk_changed(walk, officer, changes=changes)
