"""What the requester reads when a walk is cancelled."""

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import queue_closing_message
from bookings.notices.threads import requester_thread
from outbox.actions import supersede


def booking_cancelled_by_requester(booking: Booking, event: Event) -> None:
    supersede(requester_thread(booking))
    queue_closing_message(booking, "booking_cancelled_by_requester", event)


def booking_cancelled_by_us(booking: Booking, event: Event) -> None:
    """She must hear before she leaves home, so this one never comes too late to be sent."""
    supersede(requester_thread(booking))
    write_cancelled_by_us(booking, event)


def write_cancelled_by_us(booking: Booking, event: Event, *, words: str | None = None) -> None:
    queue_closing_message(booking, "booking_cancelled_by_us", event, words=words)
