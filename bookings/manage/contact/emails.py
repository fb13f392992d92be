"""Messages that repeat the latest news, or send the link to the requester's page."""

from django.utils import timezone

from bookings.events import decision_note
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import queue_requester_message, queue_walk_card
from bookings.on_the_day.emails import write_missed_by_us
from bookings.request_form.emails import write_received
from bookings.scheduling.cancellation.emails import write_cancelled_by_us
from bookings.scheduling.preferred_times.emails import send_times_passed
from bookings.statuses import Status
from bookings.triage.decline.emails import write_declined

CLOSING_MESSAGES = {
    Status.CANCELLED_BY_US: write_cancelled_by_us,
    Status.DECLINED: write_declined,
    Status.OFFICERS_ABSENT: write_missed_by_us,
}
"""The function that repeats the news for each closed status."""


def resent_link(booking: Booking, *, request_id: str) -> None:
    """Send the link to the requester's page to the address on file."""
    queue_requester_message(booking, "booking_link", event_id=request_id)


def resent_news(booking: Booking, event: Event) -> None:
    """Send the news that the requester missed. Her page has the rest.

    Send the whole walk card only if the address is known to be hers.
    """
    to_come = booking.walk is not None and not booking.walk.has_begun(timezone.now())
    if booking.status == Status.SCHEDULED and to_come and booking.confirmed_at is not None:
        queue_walk_card(booking, "booking_scheduled", event, changes=[])
    elif queue_closing_message := CLOSING_MESSAGES.get(Status(booking.status)):
        queue_closing_message(booking, event, note=decision_note(booking))
    elif booking.have_all_times_passed:
        send_times_passed(booking, event)
    elif booking.status == Status.WAITING:
        write_received(booking, booking.current_preferred_times(), event_id=event.pk)
    else:
        resent_link(booking, request_id=str(event.pk))
