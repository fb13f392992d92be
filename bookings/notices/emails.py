"""Messages to the requester that hold the walk card."""

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import queue_walk_card
from bookings.notices.threads import requester_thread
from outbox.actions import supersede


def send_booking_scheduled(booking: Booking, event: Event) -> None:
    supersede(requester_thread(booking))
    queue_walk_card(booking, "booking_scheduled", event, changes=[])


def send_booking_reminder(booking: Booking, event: Event) -> None:
    """Send the whole card again. Earlier unsent messages may name a change, so they are not superseded."""
    queue_walk_card(booking, "booking_reminder", event, changes=[])


def send_booking_changed(booking: Booking, event: Event, *, changes: list[str]) -> None:
    supersede(requester_thread(booking))
    queue_walk_card(booking, "booking_changed", event, changes=changes)
