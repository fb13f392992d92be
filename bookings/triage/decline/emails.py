"""Messages to the requester about a declined request."""

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import queue_closing_message
from bookings.notices.threads import requester_thread
from outbox.actions import supersede


def send_booking_declined(booking: Booking, event: Event) -> None:
    supersede(requester_thread(booking))
    write_declined(booking, event)


def write_declined(booking: Booking, event: Event, *, note: str | None = None) -> None:
    queue_closing_message(booking, "booking_declined", event, note=note)
