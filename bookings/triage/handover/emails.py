"""Messages about a handover, to the requester and to the team that takes over."""

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import queue_requester_message
from bookings.notices.team_emails import message_key, write_to_team_of_booking
from boroughs.models.bcus import BoroughCommandUnit
from outbox.composing.message_files import Context
from walkandtalk.lib import london


def send_booking_handed_over(booking: Booking, event: Event) -> None:
    """Tell the requester which team now has her request, its number, and the unchanged date of our answer."""
    queue_requester_message(
        booking,
        "booking_handed_over",
        event_id=event.pk,
        context=lambda token: {
            "answer_by": london.long_date(booking.answer_due_at),
        },
    )


def send_team_handed_over(booking: Booking, event: Event, *, came_from: BoroughCommandUnit) -> None:
    """Tell the team that now has the booking. Only the booking page shows the other team's note."""
    values: Context = {"came_from": came_from.name, "answer_by": london.long_date(booking.answer_due_at)}
    write_to_team_of_booking(
        booking, "team_handed_over", values, key=message_key(booking, "team_handed_over", event.pk)
    )
