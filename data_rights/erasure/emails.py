"""Messages to a requester who asks us to delete her details."""

import datetime

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.legal_holds import LegalHold
from bookings.models.links import Link
from bookings.notices.letters import MessageLink, queue_requester_message
from data_rights.one_use_links import one_hour_link
from walkandtalk.lib import london


def send_booking_erasure_link(booking: Booking, event: Event) -> None:
    link = one_hour_link(Link.Purpose.ERASE, links.erasure_url)
    queue_requester_message(booking, "booking_erasure_link", event_id=event.pk, link=link, expires_at=link.expires_at)


def send_booking_erasure_requested(
    booking: Booking, event: Event, *, due_at: datetime.datetime, hold: LegalHold | None
) -> None:
    """Confirm that we'll delete her details, with a link to undo it. After that we no longer write to her."""
    undo_until = due_at if hold is None else hold.ends_at
    link = MessageLink(purpose=Link.Purpose.UNDO, address=links.undo_erasure_url, expires_at=undo_until)
    queue_requester_message(
        booking,
        "booking_erasure_requested",
        event_id=event.pk,
        link=link,
        context=lambda token: {
            "due": london.time_and_date(due_at),
            "kept_until": london.long_date(hold.until) if hold is not None else "",
            "asks_for_pin": booking.asks_for_pin,
        },
        expires_at=undo_until,
        while_erasing=True,
    )


def send_booking_erasure_undone(booking: Booking, event: Event) -> None:
    queue_requester_message(booking, "booking_erasure_undone", event_id=event.pk)
