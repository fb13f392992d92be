"""The latest news once more, and the link to her page."""

from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import write_card, write_to_her
from bookings.on_the_day.emails import write_missed_by_us
from bookings.request_form.emails import write_received
from bookings.scheduling.cancellation.emails import write_cancelled_by_us
from bookings.scheduling.preferred_times.emails import not_answered
from bookings.statuses import Status
from bookings.triage.decline.emails import write_declined

ENDINGS = {
    Status.CANCELLED_BY_US: write_cancelled_by_us,
    Status.DECLINED: write_declined,
    Status.MISSED_BY_US: write_missed_by_us,
}
"""How each of these is told again."""


def link_sent_again(booking: Booking, *, request_id: str) -> None:
    """The way back to her page, to the address on file."""
    write_to_her(booking, "booking_link", event_id=request_id, discreet="discreet_link")


def news_again(booking: Booking, event: Event) -> None:
    """What she has to know now, since what we wrote did not reach her. Her page has the rest.

    The whole card only where it is known that the address is hers.
    """
    to_come = booking.walk is not None and not booking.walk.has_begun(timezone.now())
    if booking.status == Status.SCHEDULED and to_come and booking.confirmed_at is not None:
        write_card(booking, "booking_scheduled", event, changes=[])
    elif write_ending := ENDINGS.get(Status(booking.status)):
        write_ending(booking, event, words=booking.our_words())
    elif booking.has_passed_unanswered:
        not_answered(booking, event)
    elif booking.status == Status.WAITING:
        write_received(booking, booking.wishes_now(), event_id=event.pk)
    else:
        link_sent_again(booking, request_id=str(event.pk))
