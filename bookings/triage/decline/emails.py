"""What the requester reads when her request is declined."""

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import write_ending
from bookings.notices.threads import her_thread
from outbox.actions import supersede


def booking_declined(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    write_declined(booking, event)


def write_declined(booking: Booking, event: Event, *, words: str | None = None) -> None:
    write_ending(booking, "booking_declined", event, discreet="discreet_news", words=words)
