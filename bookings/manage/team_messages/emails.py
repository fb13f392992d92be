"""The message to the team's inbox when a requester has written on her page."""

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.team_emails import message_key, write_to_team_of_booking
from walkandtalk.lib import london


def send_team_requester_wrote(booking: Booking, event: Event) -> None:
    """Tell the team that there is something to read, but not what. It never expires: the team must read it."""
    kind = "team_requester_wrote"
    write_to_team_of_booking(booking, kind, {"sent": london.clock(event.at)}, key=message_key(booking, kind, event.pk))
