"""Messages about a guest who may join a walk."""

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.sharing import Guest
from bookings.notices.compose import date_and_start
from bookings.notices.letters import write_to_her
from bookings.notices.team_emails import write_to_team_of_walk
from bookings.notices.walk_card import walk_of
from walkandtalk.lib.plain_text import one_line
from walks.models.walks import Walk


def booking_asked_about_guest(booking: Booking, event: Event, *, guest: Guest) -> None:
    """May this person come along? The walk stays as it is until she says so on her page."""
    walk = walk_of(booking)
    write_to_her(
        booking,
        "booking_asked_about_guest",
        event_id=event.pk,
        context=lambda token: {
            **date_and_start(walk),
            "name": one_line(booking.contact.name),
            "guest": one_line(guest.in_words),
            "answer": links.company_url(booking, token),
        },
        discreet="discreet_news",
        expires_at=walk.start_at,
    )


def team_guest_answered(walk: Walk, event: Event, *, may_come: bool) -> None:
    """All of them said yes to a guest, or one said no. The name stands on the page of the walk alone."""
    write_to_team_of_walk(walk, "team_guest_answered", event, {"may_come": may_come}, expires_at=walk.start_at)
