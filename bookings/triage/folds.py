"""How much there is to read about a booking: its notes, messages and history."""

from django.db.models import Exists, OuterRef, Q

from bookings.events import COLLEAGUE_NOTES, TEAM_CHANGE_EVENTS
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices import threads
from bookings.statuses import HERS_ALONE
from outbox.models import Message
from walkandtalk.lib.counting import count_each


def fold_counts(booking: Booking) -> dict[str, int]:
    """Return how much there is to read on the booking's own page, at most 100 of each. One query."""
    events = Event.objects.filter(booking=booking)
    later = events.filter(kind__in=TEAM_CHANGE_EVENTS, at__gt=OuterRef("at"))
    notes = events.filter(kind__in=COLLEAGUE_NOTES, written_note__isnull=False).exclude(Exists(later))
    sent = Message.objects.in_thread(threads.requester_thread(booking))
    hers = booking.team_messages.all()
    lists = {
        "notes": notes,
        "messages": sent,
        "history": events.exclude(Q(kind__in=HERS_ALONE, by=None)),
        "from_her": hers if booking.erased_at is None else hers.none(),
        "unread": hers.unread() if booking.erased_at is None else hers.none(),
    }
    return dict(zip(lists, count_each(*lists.values()), strict=True))
