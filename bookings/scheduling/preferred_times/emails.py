"""Messages about times that the requester would prefer."""

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.compose import Context, date_and_start
from bookings.notices.letters import write_card, write_to_her
from bookings.notices.team_emails import write_to_team_of_walk
from bookings.notices.threads import her_thread
from bookings.notices.walk_card import walk_of
from bookings.request_form.emails import request_in_words
from bookings.statuses import Channel
from outbox.actions import supersede
from walkandtalk.lib import london


def wish_changed(booking: Booking, event: Event) -> None:
    """What she asks for now, and what stands until we answer. Discreetly her page alone says so: it was her own act."""
    if booking.channel != Channel.FULL:
        return

    def context(token: str) -> Context:
        stands = date_and_start(booking.walk) if booking.walk is not None and booking.asks_again else {}
        return {
            **stands,
            **request_in_words(booking, booking.wishes_now()),
            "stands": bool(stands),
            "answer_by": london.long_date(booking.answer_due_at),
        }

    write_to_her(booking, "booking_wish_changed", event_id=event.pk, context=context, discreet="discreet_news")


def plan_stands(booking: Booking, event: Event) -> None:
    """We cannot do what she asked for, so her walk stays as it is. Kindly, and with the whole card again."""
    supersede(her_thread(booking))
    write_card(booking, "booking_plan_stands", event, changes=[], words=event.note)


def not_answered(booking: Booking, event: Event) -> None:
    """Every time that she chose has passed. We say sorry, and ask her to choose again."""

    def context(token: str) -> Context:
        return {**request_in_words(booking, booking.wishes_now()), "change": links.change_url(booking, token)}

    supersede(her_thread(booking))
    write_to_her(booking, "booking_not_answered", event_id=event.pk, context=context, discreet="discreet_news")


def team_asked_again(booking: Booking, event: Event) -> None:
    """She would like another time. The walk stands until the team has answered her."""
    walk = walk_of(booking)
    values = {"asked": london.clock(event.at), "answer_by": london.long_date(booking.answer_due_at)}
    write_to_team_of_walk(walk, "team_asked_again", event, values, expires_at=walk.start_at)
