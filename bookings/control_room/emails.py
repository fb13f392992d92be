"""The message to the team whose officers can't be checked any more."""

from bookings.models.events import Event
from bookings.notices.team_emails import write_to_team_of_walk
from walks.models.walks import Walk


def send_team_walk_check_closed(walk: Walk, event: Event) -> None:
    """Tell the team to ring. The message never expires, and doesn't say who asked."""
    write_to_team_of_walk(walk, "team_walk_check_closed", event)
