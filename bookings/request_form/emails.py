"""Messages about a new request, to the requester and to the team."""

import datetime
from collections.abc import Sequence

from django.conf import settings

from bookings.links import staff_url
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.preferred_times import PreferredTime
from bookings.notices.letters import queue_requester_message
from bookings.notices.team_emails import write_to_team_of_booking
from bookings.notices.threads import new_requests_thread
from bookings.permissions import may_show_details
from boroughs.models.bcus import BoroughCommandUnit
from outbox.actions import queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from outbox.models import Message
from walkandtalk.lib import london
from walkandtalk.lib.plain_text import strip_web_addresses


def send_request_received(booking: Booking, *, preferred_times: Sequence[PreferredTime]) -> None:
    """Say that we have a request, and what happens next.

    The reader may be a stranger, so until the requester has confirmed, the message repeats none of her answers.
    """
    write_received(booking, preferred_times, event_id=booking.pk)


def write_received(booking: Booking, preferred_times: Sequence[PreferredTime], *, event_id: object) -> None:
    def context(token: str) -> Context:
        was_her = bool(booking.staff_booking_method) and may_show_details(booking)
        return {
            **request_in_words(booking, preferred_times),
            "answer_by": london.long_date(booking.answer_due_at),
            "was_her": was_her,
        }

    queue_requester_message(booking, "booking_received", event_id=event_id, context=context)


def send_confirm_reminder(booking: Booking, event: Event) -> None:
    """Ask the requester to confirm. The reader may be a stranger, so the message holds nothing about her."""
    expires_at = booking.unconfirmed_since + datetime.timedelta(days=settings.KEEP_UNCONFIRMED_DAYS)
    queue_requester_message(
        booking,
        "booking_confirm_reminder",
        event_id=event.pk,
        context=lambda token: {
            "requested_at": london.time_and_date(booking.asked_at),
            "expires_on": london.long_date(expires_at),
            "answer_by": london.long_date(booking.answer_due_at),
        },
        expires_at=expires_at,
    )


def request_in_words(booking: Booking, preferred_times: Sequence[PreferredTime]) -> Context:
    """Return what the requester asked for, without web addresses. Return nothing if the reader may be a stranger."""
    if not may_show_details(booking):
        return {}
    return {
        "meeting_place": strip_web_addresses(booking.contact.meeting_place),
        "borough": booking.borough.name,
        "preferred_times": [str(preferred_time) for preferred_time in preferred_times],
        "weekday_evenings": booking.contact.weekday_evenings,
        "weekends": booking.contact.weekends,
    }


NEW_REQUEST = ("booking:", ":team_new_request:team")
"""The parts of the key of `team_new_request` before and after the booking's id."""


def send_team_new_request(booking: Booking) -> None:
    """Tell the team about a new request. Only the linked page shows the place, time and name."""
    values: Context = {
        "borough": booking.borough.name,
        "confirmed": booking.confirmed_at is not None,
        "answer_by": london.long_date(booking.answer_due_at),
    }
    write_to_team_of_booking(booking, "team_new_request", values, key=f"{NEW_REQUEST[0]}{booking.pk}{NEW_REQUEST[1]}")


def send_team_new_requests(
    bcu: BoroughCommandUnit, count: int, *, since: datetime.datetime, until: datetime.datetime
) -> None:
    """Tell the team how many requests are new, and nothing about any of them. Once for each hour."""
    queue_message(
        dedupe_key=f"bcu:{bcu.code}:team_new_requests:{until.astimezone(datetime.UTC):%Y-%m-%dT%H}:team",
        thread=new_requests_thread(bcu),
        recipient=bcu.inbox,
        sender=settings.FROM_EMAIL,
        **render(
            "team_new_requests",
            {
                "count": count,
                "since": london.time_and_date(since),
                "page": f"{staff_url('triage:queue')}?state=unassigned",
            },
        ),
    )


def last_hourly_message(bcu: BoroughCommandUnit) -> Message | None:
    return Message.objects.in_thread(new_requests_thread(bcu)).last()
