"""Messages to the requester that hold the walk card."""

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import write_card
from bookings.notices.threads import her_thread
from outbox.actions import supersede


def booking_scheduled(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    write_card(booking, "booking_scheduled", event, changes=[])


def booking_reminder(booking: Booking, event: Event) -> None:
    """The whole card again. What is still unsent before it may say what changed, so it is not superseded."""
    write_card(booking, "booking_reminder", event, changes=[], discreet="discreet_reminder")


def booking_changed(booking: Booking, event: Event, *, changes: list[str]) -> None:
    supersede(her_thread(booking))
    write_card(booking, "booking_changed", event, changes=changes)
