"""Messages about walking with one officer."""

from django.utils.translation import gettext as _

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import queue_requester_message
from bookings.notices.team_emails import write_to_team_of_walk
from bookings.notices.walk_card import get_walk
from bookings.notices.walk_context import date_and_start_context
from bookings.permissions import may_show_details
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from walks.models.walks import Walk


def send_booking_one_officer_question(booking: Booking, event: Event, *, officer: Officer) -> None:
    """Ask the requester whether one officer is enough, because another officer cannot come."""
    walk = get_walk(booking)
    queue_requester_message(
        booking,
        "booking_one_officer_question",
        event_id=event.pk,
        context=lambda token: {
            **date_and_start_context(walk),
            "officer": officer.display_name if may_show_details(booking) else _("The other officer"),
            "answer": links.one_officer_url(booking, token),
        },
        expires_at=walk.start_at,
    )


def send_team_one_officer_answered(walk: Walk, event: Event, *, is_settled: bool) -> None:
    """Tell the team the answer. After a refusal, or until everyone has agreed, the walk still lacks an officer."""
    values = {"yes": event.kind == EventKind.ONE_OFFICER_ACCEPTED, "is_settled": is_settled}
    write_to_team_of_walk(walk, "team_one_officer_answered", event, values, expires_at=walk.start_at)
