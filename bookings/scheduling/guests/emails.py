"""Messages about a guest who may join a walk."""

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.sharing import Guest
from bookings.notices.letters import queue_requester_message
from bookings.notices.team_emails import write_to_team_of_walk
from bookings.notices.walk_card import get_walk
from bookings.notices.walk_context import date_and_start_context
from walks.models.walks import Walk


def send_booking_guest_question(booking: Booking, event: Event, *, guest: Guest) -> None:
    """Ask the requester whether this guest may join."""
    walk = get_walk(booking)
    queue_requester_message(
        booking,
        "booking_guest_question",
        event_id=event.pk,
        context=lambda token: {
            **date_and_start_context(walk),
            "guest": guest.in_words,
            "answer": links.sharing_consent_url(booking, token),
        },
        expires_at=walk.start_at,
    )


def send_team_guest_answered(walk: Walk, event: Event, *, may_come: bool) -> None:
    """Tell the team that everyone agreed to a guest, or one requester refused. Only the walk page shows the name."""
    write_to_team_of_walk(walk, "team_guest_answered", event, {"may_come": may_come}, expires_at=walk.start_at)
