"""Messages to the requester about a cancelled walk."""

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import queue_closing_message
from bookings.notices.threads import requester_thread
from outbox.actions import supersede


def send_booking_cancelled_by_requester(booking: Booking, event: Event) -> None:
    supersede(requester_thread(booking))
    queue_closing_message(booking, "booking_cancelled_by_requester", event)


def send_booking_cancelled_by_us(booking: Booking, event: Event) -> None:
    """Tell the requester that we cancelled. The message never expires, because she must know before she leaves home."""
    supersede(requester_thread(booking))
    write_cancelled_by_us(booking, event)


def write_cancelled_by_us(booking: Booking, event: Event, *, note: str | None = None) -> None:
    queue_closing_message(booking, "booking_cancelled_by_us", event, note=note)
