"""Queue messages to the requester: with the walk card, about a closed booking, or of any other kind."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bookings import links
from bookings.events import outcome_reason
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.links import Link
from bookings.notices.calendar_entry import Method, calendar_attachments
from bookings.notices.threads import requester_thread
from bookings.notices.walk_card import WalkCard, get_walk
from bookings.notices.walk_context import date_and_start_context
from bookings.permissions import may_show_details
from bookings.sharing import is_shared_walk
from bookings.statuses import Channel, PhoneRule, Status
from boroughs.without_speaking import WithoutSpeaking
from outbox.actions import Attachment, queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walkandtalk.lib.phone_links import call_url
from walkandtalk.lib.plain_text import strip_web_addresses

LINK_LIFETIME_AFTER_WALK = datetime.timedelta(days=30)
MINIMUM_LINK_LIFETIME = datetime.timedelta(days=1)

LinkContext = Callable[[str], Context]


@dataclass(frozen=True, kw_only=True)
class MessageLink:
    """The link in a message: what it opens, and until when."""

    purpose: Link.Purpose
    address: Callable[[Booking, str], str]
    expires_at: datetime.datetime


def queue_walk_card(
    booking: Booking,
    kind: str,
    event: Event,
    *,
    changes: Sequence[str],
    note: str = "",
) -> None:
    walk = get_walk(booking)
    queue_requester_message(
        booking,
        kind,
        event_id=event.pk,
        context=lambda token: {
            **date_and_start_context(walk),
            "note": note,
            "has_open_change_request": booking.has_open_change_request,
            "card": WalkCard.of(booking, token=token, changes=changes),
        },
        calendar="PUBLISH",
        expires_at=walk.start_at,
    )


def queue_closing_message(
    booking: Booking,
    kind: str,
    event: Event,
    *,
    calendar: Method | None = "CANCEL",
    send_after: datetime.datetime | None = None,
    note: str | None = None,
) -> None:
    """Queue a message that closes a booking. It quotes `note`, or the event's note if that is None."""

    def context(token: str) -> Context:
        submit_report = Link.objects.create_token(
            booking, Link.Purpose.REPORT, expires_at=_link_expires_at(booking), email=booking.contact.email
        )
        walk = booking.walk_as_last_notified
        return {
            **(date_and_start_context(walk) if walk is not None else {}),
            "is_continuing": is_shared_walk(booking),
            "reason": outcome_reason(booking),
            "alternatives": booking.alternative_labels(),
            "note": event.note if note is None else note,
            "unhappy": links.complaint_url(booking, token),
            "submit_report": links.report_url(booking, submit_report),
            "seen": links.seen_url(booking, token),
            "may_call": PhoneRule.CALL in booking.contact.phone_rules,
            "ask_again": links.new_request_url(),
            "answer_by": london.long_date(booking.answer_due_at),
        }

    queue_requester_message(
        booking,
        kind,
        event_id=event.pk,
        context=context,
        calendar=calendar if booking.walk_id else None,
        send_after=send_after,
    )


def queue_requester_message(
    booking: Booking,
    kind: str,
    *,
    event_id: object,
    context: LinkContext = lambda token: {},
    calendar: Method | None = None,
    expires_at: datetime.datetime | None = None,
    send_after: datetime.datetime | None = None,
    link: MessageLink | None = None,
    while_erasing: bool = False,
) -> None:
    """Queue a message in the requester's language, if she may be emailed. The discreet form contains only the link.

    The link opens her page, unless `link` replaces it. While her details are being deleted, a message needs
    `while_erasing`.
    """
    may_write = booking.wants_email if while_erasing else booking.can_be_emailed
    if not may_write or booking.status == Status.NOT_MINE or not booking.contact.email:
        return
    link = link or MessageLink(purpose=Link.Purpose.PAGE, address=links.page_url, expires_at=_link_expires_at(booking))
    token = Link.objects.create_token(booking, link.purpose, expires_at=link.expires_at, email=booking.contact.email)
    values: Context = {"page": link.address(booking, token)}
    sender = settings.DISCREET_FROM_EMAIL
    with translation.override(booking.contact.language):
        if booking.channel == Channel.FULL:
            sender = settings.FROM_EMAIL
            values |= about_booking(booking) | context(token)
        content = render(kind, values, is_discreet=booking.channel != Channel.FULL)
        attachments = _calendar(booking, calendar)
    queue_message(
        dedupe_key=f"booking:{booking.pk}:{kind.removeprefix('booking_')}:{event_id}:requester",
        thread=requester_thread(booking),
        recipient=booking.contact.email,
        sender=sender,
        attachments=attachments,
        version=booking.contact.calendar_sequence,
        expires_at=expires_at,
        send_after=send_after,
        **content,
    )


def _calendar(booking: Booking, method: Method | None) -> Sequence[Attachment]:
    """Return the attachments. A discreet message has none, because families share calendars."""
    if method is None or booking.channel != Channel.FULL:
        return ()
    return calendar_attachments(booking, method)


def _link_expires_at(booking: Booking) -> datetime.datetime:
    """Return a time a month after the walk, or after the last day on which it could take place."""
    now = timezone.now()
    last_bookable = now + datetime.timedelta(days=booking.bcu.horizon_days)
    latest_end = booking.walk.end_at if booking.walk is not None else last_bookable
    return max(latest_end + LINK_LIFETIME_AFTER_WALK, now + MINIMUM_LINK_LIFETIME)


def about_booking(booking: Booking) -> Context:
    """Return the values that every message has."""
    return {
        "greeting": greeting(booking),
        "reference": booking.spoken_reference,
        "team": booking.team.team_name,
        "team_number": booking.team.duty_number,
        "team_call": call_url(booking.team.duty_number),
        "team_hours": booking.team.duty_hours,
        "by_text": WithoutSpeaking.of(booking.team.duty_number, booking.team.text_number),
    }


def greeting(booking: Booking) -> str:
    """Return the greeting of a message. A stranger whose address the requester mistyped doesn't learn her name.

    Anyone may have typed the name, to send a stranger a link.
    """
    if not may_show_details(booking):
        return _("Hello.")
    return _("Hello %(name)s.") % {"name": strip_web_addresses(booking.contact.name)}
