"""Messages to the requester about a cancelled walk."""

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import queue_closing_message
from bookings.notices.threads import requester_thread
from outbox.actions import supersede


def booking_cancelled_by_requester(booking: Booking, event: Event) -> None:
    supersede(requester_thread(booking))
    queue_closing_message(booking, "booking_cancelled_by_requester", event)


def booking_cancelled_by_us(booking: Booking, event: Event) -> None:
    """Tell the requester that we cancelled. It never expires, because she must hear before she leaves home."""
    supersede(requester_thread(booking))
    write_cancelled_by_us(booking, event)


def write_cancelled_by_us(booking: Booking, event: Event, *, words: str | None = None) -> None:
    queue_closing_message(booking, "booking_cancelled_by_us", event, words=words)
