"""Messages to a team's inbox about bookings that need its attention now."""

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.team_emails import message_key, write_to_team_of_booking, write_to_team_of_walk
from bookings.statuses import EventKind
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walks.models.walks import Walk


def send_team_safeguarding(walk: Walk, event: Event) -> None:
    """Tell the team that an officer pressed “Stop” on a walk, but not why. The page it links to names the requester."""
    write_to_team_of_walk(walk, "team_safeguarding", event, {"pressed": london.clock(event.at)})


def send_team_answer_due(booking: Booking, event: Event) -> None:
    """Tell the team that its answer is at risk or late. It never expires, because the requester is still waiting."""
    kind = "team_answer_late" if event.kind == EventKind.RESPONSE_LATE else "team_answer_at_risk"
    values: Context = {
        "answer_by": london.time_and_date(booking.answer_due_at),
        "needed": london.time_and_date(booking.walk_needed_at),
    }
    write_to_team_of_booking(booking, kind, values, key=message_key(booking, kind, event.pk))
