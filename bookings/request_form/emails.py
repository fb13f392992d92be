"""Messages about a new request, to the requester and to the team."""

import datetime
from collections.abc import Sequence

from django.conf import settings

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.preferred_times import Wish
from bookings.notices.compose import Context, moment, subject_of
from bookings.notices.letters import write_to_her
from bookings.notices.team_emails import write_to_team_of_booking
from bookings.statuses import Channel
from walkandtalk.lib import london
from walkandtalk.lib.plain_text import without_addresses


def request_received(booking: Booking, *, wishes: Sequence[Wish]) -> None:
    """Her name, places and times, and what happens next. The reader may be a stranger, so nothing else of hers."""
    write_received(booking, wishes, event_id=booking.pk)


def write_received(booking: Booking, wishes: Sequence[Wish], *, event_id: object) -> None:
    def context(token: str) -> Context:
        was_her = bool(booking.taken_how) and booking.confirmed_at is not None
        return {
            **request_in_words(booking, wishes),
            "answer_by": london.long_date(booking.answer_due_at),
            "was_her": was_her,
        }

    write_to_her(booking, "booking_received", event_id=event_id, context=context, discreet="discreet_news")


def received_subject(booking: Booking) -> str:
    """What stands above that message."""
    kind = "booking_received" if booking.channel == Channel.FULL else "discreet_news"
    return subject_of(kind, {"reference": booking.spoken_reference})


def confirm_reminder(booking: Booking, event: Event) -> None:
    """Was it her? The reader may be a stranger, so it holds no more than her name."""
    goes_at = booking.unconfirmed_since + datetime.timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
    write_to_her(
        booking,
        "booking_confirm_reminder",
        event_id=event.pk,
        context=lambda token: {
            "name": without_addresses(booking.contact.name),
            "asked": moment(booking.asked_at),
            "goes": london.long_date(goes_at),
            "answer_by": london.long_date(booking.answer_due_at),
        },
        discreet="discreet_confirm",
        expires_at=goes_at,
    )


def request_in_words(booking: Booking, wishes: Sequence[Wish]) -> Context:
    """Her own words, which a stranger may have typed: nothing in them leads anywhere."""
    return {
        "name": without_addresses(booking.contact.name),
        "meeting_place": without_addresses(booking.contact.meeting_place),
        "borough": booking.borough.name,
        "wishes": [str(wish) for wish in wishes],
        "weekday_evenings": booking.weekday_evenings,
        "weekends": booking.weekends,
    }


NEW_REQUEST = ("booking:", ":team_new_request:team")
"""What stands before and after the id of the booking in the key of that message."""


def team_new_request(booking: Booking) -> None:
    """Somebody has asked. Where and when, and who she is, stands behind the link."""
    values: Context = {
        "borough": booking.borough.name,
        "confirmed": booking.confirmed_at is not None,
        "answer_by": london.long_date(booking.answer_due_at),
    }
    write_to_team_of_booking(booking, "team_new_request", values, key=f"{NEW_REQUEST[0]}{booking.pk}{NEW_REQUEST[1]}")
