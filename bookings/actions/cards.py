"""The walk is another one than they knew of: its women get the whole card again, and its officers word of it."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from bookings import emails
from bookings.actions.moves import lock_bookings_of, record
from bookings.models import Booking, Walk
from bookings.phrases import new_phrases
from bookings.statuses import EventKind
from bookings.walk_card import last_changes
from bookings.walk_changes import together
from boroughs.models import Officer
from outbox.models import Message


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
        emails.booking_changed(booking, event, changes=said)


def _not_sent_yet(booking: Booking) -> list[str]:
    """What changed before, where that message is still unsent: the one that takes its place has to say it too."""
    unsent = Message.objects.in_thread(emails.her_thread(booking)).unsent()
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
        emails.officer_walk_changed(walk, officer, changes=["Who comes along has changed: look at the walk."])


def reissue_card(walk: Walk, *, by: Officer | None, also: Collection[str] = ()) -> None:
    """An officer has left, and enough are left: a new phrase, and the card again. The caller holds the walk."""
    walk.phrase_they, walk.phrase_you = new_phrases()
    walk.save(update_fields=["phrase_they", "phrase_you"])
    changes = [_("The officers and the phrase have changed."), *also]
    tell_women_of_change(walk, lock_bookings_of(walk), by=by, changes=changes)
    for officer in walk.live_officers():
        emails.officer_walk_changed(walk, officer, changes=changes)
