"""Messages about walking with one officer."""

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.compose import date_and_start
from bookings.notices.letters import write_to_her
from bookings.notices.team_emails import write_to_team_of_walk
from bookings.notices.walk_card import walk_of
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib.plain_text import one_line
from walks.models.walks import Walk


def booking_asked_about_one(booking: Booking, event: Event, *, officer: Officer) -> None:
    """One of her officers cannot come. Will one do? The walk as she knows it is not settled until she answers."""
    walk = walk_of(booking)
    write_to_her(
        booking,
        "booking_asked_about_one",
        event_id=event.pk,
        context=lambda token: {
            **date_and_start(walk),
            "name": one_line(booking.contact.name),
            "officer": one_line(officer.called),
            "answer": links.one_officer_url(booking, token),
        },
        discreet="discreet_news",
        expires_at=walk.start_at,
    )


def team_one_officer_answered(walk: Walk, event: Event, *, is_settled: bool) -> None:
    """Whether one officer will do. With a no, or until all have said yes, the walk still lacks one."""
    values = {"yes": event.kind == EventKind.ONE_WILL_DO, "is_settled": is_settled}
    write_to_team_of_walk(walk, "team_one_officer_answered", event, values, expires_at=walk.start_at)
