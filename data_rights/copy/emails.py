"""The message with the link to a copy of the requester's details."""

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.links import Link
from bookings.notices.letters import queue_requester_message
from data_rights.one_use_links import one_hour_link


def send_booking_copy_link(booking: Booking, event: Event) -> None:
    link = one_hour_link(Link.Purpose.COPY, links.copy_url)
    queue_requester_message(booking, "booking_copy_link", event_id=event.pk, link=link, expires_at=link.expires_at)
