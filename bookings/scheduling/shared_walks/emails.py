"""Messages about other women who may join a walk."""

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import queue_requester_message
from bookings.notices.team_emails import write_to_team_of_walk
from bookings.notices.walk_card import get_walk
from bookings.notices.walk_context import date_and_start_context
from walks.models.walks import Walk


def send_booking_sharing_question(booking: Booking, event: Event) -> None:
    """Ask the requester whether others may join. Her walk is unchanged until she answers on her page."""
    walk = get_walk(booking)
    queue_requester_message(
        booking,
        "booking_sharing_question",
        event_id=event.pk,
        context=lambda token: {
            **date_and_start_context(walk),
            "most": walk.capacity,
            "answer": links.sharing_consent_url(booking, token),
        },
        expires_at=walk.start_at,
    )


def send_team_sharing_answered(walk: Walk, event: Event, *, may_join: bool) -> None:
    """Tell the team that everyone agreed, or that one requester refused. The walk page shows the answers."""
    write_to_team_of_walk(walk, "team_sharing_answered", event, {"may_join": may_join}, expires_at=walk.start_at)
