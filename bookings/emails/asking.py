"""What she is asked: whether another time suits her, who else may come along, whether one officer will do."""

from collections.abc import Sequence

from bookings import links
from bookings.company import others_on
from bookings.emails.compose import date_and_start, moment
from bookings.emails.letters import write_to_her
from bookings.emails.threads import her_thread
from bookings.models import Booking, Event, Guest, Offer
from bookings.plain_text import one_line, without_addresses
from bookings.statuses import EventKind
from bookings.walk_card import walk_of
from boroughs.models import Officer
from outbox.actions import supersede
from walkandtalk.lib import london


def booking_offered(booking: Booking, event: Event, *, offers: Sequence[Offer]) -> None:
    """Times and places about, and until when she may pick. No name, no phrase, no exact spot.

    What stands unsent before it is still true, and may be what asks her whether it was her.
    """
    write_to_her(
        booking,
        "booking_offered",
        event_id=event.pk,
        context=lambda token: {
            "name": without_addresses(booking.contact.name),
            "offers": [f"{offer.when}. {without_addresses(offer.place)}" for offer in offers],
            "until": moment(offers[0].expires_at),
            "answer": links.offer_url(booking, token),
        },
        discreet="discreet_news",
        expires_at=offers[0].expires_at,
    )


def booking_place_offered(booking: Booking, event: Event, *, offer: Offer) -> None:
    """A place on a walk with others: when, where about, how many. A yes books it, so it says that too."""
    walk = offer.walk
    if walk is None:
        raise ValueError("This offer is of no place on a walk.")
    write_to_her(
        booking,
        "booking_place_offered",
        event_id=event.pk,
        context=lambda token: {
            "name": without_addresses(booking.contact.name),
            "offer": f"{offer.when}. {without_addresses(offer.place)}",
            "others": others_on(walk, besides=booking),
            "most": walk.capacity,
            "until": moment(offer.expires_at),
            "answer": links.offer_url(booking, token),
        },
        discreet="discreet_news",
        expires_at=offer.expires_at,
    )


def booking_asked_about_company(booking: Booking, event: Event) -> None:
    """May others join her walk? Her page has the two buttons, and it stays as it is until she presses one."""
    walk = walk_of(booking)
    write_to_her(
        booking,
        "booking_asked_about_company",
        event_id=event.pk,
        context=lambda token: {
            **date_and_start(walk),
            "name": one_line(booking.contact.name),
            "most": walk.capacity,
            "answer": links.company_url(booking, token),
        },
        discreet="discreet_news",
        expires_at=walk.start_at,
    )


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


def booking_offer_ended(booking: Booking, event: Event) -> None:
    """It ran out, or we took it back. We go on looking."""
    supersede(her_thread(booking), kinds=["offered", "place_offered"])
    write_to_her(
        booking,
        "booking_offer_ended",
        event_id=event.pk,
        context=lambda token: {
            "name": without_addresses(booking.contact.name),
            "ran_out": event.kind == EventKind.OFFER_LAPSED,
            "answer_by": london.long_date(booking.answer_due_at),
        },
        discreet="discreet_news",
    )


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
