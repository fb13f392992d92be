"""What the requester reads when a walk is cancelled."""

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import write_ending
from bookings.notices.threads import her_thread
from outbox.actions import supersede


def booking_cancelled_by_her(booking: Booking, event: Event) -> None:
    supersede(her_thread(booking))
    write_ending(booking, "booking_cancelled_by_her", event, discreet="discreet_news")


def booking_cancelled_by_us(booking: Booking, event: Event) -> None:
    """She must hear before she leaves home, so this one never comes too late to be sent."""
    supersede(her_thread(booking))
    write_cancelled_by_us(booking, event)


def write_cancelled_by_us(booking: Booking, event: Event, *, words: str | None = None) -> None:
    write_ending(booking, "booking_cancelled_by_us", event, discreet="discreet_cancelled", words=words)
