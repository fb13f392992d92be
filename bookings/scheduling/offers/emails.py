"""Messages about an offer, to the requester and to the team."""

from collections.abc import Sequence

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.offers import Offer
from bookings.notices.letters import queue_requester_message
from bookings.notices.team_emails import message_key, write_to_team_of_booking
from bookings.notices.threads import requester_thread
from bookings.sharing import describe_companions
from bookings.statuses import EventKind
from outbox.actions import supersede
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walkandtalk.lib.plain_text import strip_web_addresses


def send_booking_offered(booking: Booking, event: Event, *, offers: Sequence[Offer]) -> None:
    """Offer the requester times and areas, with a deadline: no name, phrase or exact place.

    Keep earlier unsent messages, because they are still true, and one may ask her to confirm the request.
    """
    queue_requester_message(
        booking,
        "booking_offered",
        event_id=event.pk,
        context=lambda token: {
            "offers": [f"{offer.when}. {strip_web_addresses(offer.place)}" for offer in offers],
            "until": london.time_and_date(offers[0].expires_at),
            "answer": links.offer_url(booking, token),
        },
        expires_at=offers[0].expires_at,
    )


def send_booking_place_offered(booking: Booking, event: Event, *, offer: Offer) -> None:
    """Offer the requester a place on a walk with others. The message says that accepting books the place."""
    walk = offer.walk
    if walk is None:
        raise ValueError("This offer is not for a place on a walk.")
    queue_requester_message(
        booking,
        "booking_place_offered",
        event_id=event.pk,
        context=lambda token: {
            "offer": f"{offer.when}. {strip_web_addresses(offer.place)}",
            "companions": describe_companions(walk, besides=booking),
            "most": walk.capacity,
            "until": london.time_and_date(offer.expires_at),
            "answer": links.offer_url(booking, token),
        },
        expires_at=offer.expires_at,
    )


def send_booking_offer_ended(booking: Booking, event: Event) -> None:
    """Tell the requester that the offer has expired or been withdrawn, and that we are still looking."""
    supersede(requester_thread(booking), kinds=["offered", "place_offered"])
    queue_requester_message(
        booking,
        "booking_offer_ended",
        event_id=event.pk,
        context=lambda token: {
            "ran_out": event.kind == EventKind.OFFER_EXPIRED,
            "answer_by": london.long_date(booking.answer_due_at),
        },
    )


def send_team_offer_answered(booking: Booking, event: Event, *, accepted: Offer | None = None) -> None:
    """Tell the team that the requester answered the offer, or let it expire, so the team must act next."""
    values: Context = {
        "what": event.get_kind_display(),
        "when": accepted.when if accepted else "",
        "is_booked": accepted is not None and accepted.is_place_on_walk,
        "answer_by": london.long_date(booking.answer_due_at),
    }
    write_to_team_of_booking(
        booking, "team_offer_answered", values, key=message_key(booking, "team_offer_answered", event.pk)
    )
