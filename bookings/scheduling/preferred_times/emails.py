"""Messages about the requester's preferred times, and about changing her walk."""

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.letters import queue_requester_message, queue_walk_card
from bookings.notices.team_emails import write_to_team_of_walk
from bookings.notices.threads import requester_thread
from bookings.notices.walk_card import get_walk
from bookings.notices.walk_context import date_and_start_context
from bookings.request_form.emails import request_in_words
from bookings.statuses import Channel
from outbox.actions import supersede
from outbox.composing.message_files import Context
from walkandtalk.lib import london


def send_times_changed(booking: Booking, event: Event) -> None:
    """Confirm the new times, and the walk that is unchanged until we answer, if there is one.

    There is no discreet form of this message, because the requester's page shows the new times.
    """
    if booking.channel != Channel.FULL:
        return

    def context(token: str) -> Context:
        current_walk = (
            date_and_start_context(booking.walk) if booking.walk is not None and booking.has_open_change_request else {}
        )
        return {
            **current_walk,
            **request_in_words(booking, booking.current_preferred_times()),
            "is_walk_unchanged": bool(current_walk),
            "answer_by": london.long_date(booking.answer_due_at),
        }

    queue_requester_message(booking, "booking_times_changed", event_id=event.pk, context=context)


def send_change_declined(booking: Booking, event: Event) -> None:
    """Tell the requester that we cannot change her walk, and send the whole walk card again."""
    supersede(requester_thread(booking))
    queue_walk_card(booking, "booking_change_declined", event, changes=[], note=event.note)


def send_times_passed(booking: Booking, event: Event) -> None:
    """Apologise because every preferred time has passed, and ask the requester to choose again."""

    def context(token: str) -> Context:
        return {
            **request_in_words(booking, booking.current_preferred_times()),
            "change": links.change_url(booking, token),
        }

    supersede(requester_thread(booking))
    queue_requester_message(booking, "booking_times_passed", event_id=event.pk, context=context)


def send_team_change_requested(booking: Booking, event: Event) -> None:
    """Tell the team that the requester would like another time. Her walk is unchanged until the team answers."""
    walk = get_walk(booking)
    values = {"requested_at": london.clock(event.at), "answer_by": london.long_date(booking.answer_due_at)}
    write_to_team_of_walk(walk, "team_change_requested", event, values, expires_at=walk.start_at)
