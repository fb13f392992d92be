"""The forms that a message to her takes: full or discreet, with the walk card, or at the end of something."""

import datetime
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils import timezone

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.links import Link
from bookings.notices.calendar_entry import Method, calendar_attachments
from bookings.notices.compose import Context, date_and_start, render
from bookings.notices.threads import her_thread
from bookings.notices.walk_card import WalkCard, walk_of
from bookings.sharing import is_shared
from bookings.statuses import Channel, PhoneRule, Status
from outbox.actions import Attachment, queue_message
from walkandtalk.lib import london
from walkandtalk.lib.plain_text import one_line

LINK_LIVES_AFTER = datetime.timedelta(days=30)
LINK_LIVES_AT_LEAST = datetime.timedelta(days=1)

ContextForLink = Callable[[str], Context]


def write_card(
    booking: Booking,
    kind: str,
    event: Event,
    *,
    changes: Sequence[str],
    words: str = "",
    discreet: str = "discreet_news",
) -> None:
    walk = walk_of(booking)
    write_to_her(
        booking,
        kind,
        event_id=event.pk,
        context=lambda token: {
            **date_and_start(walk),
            "name": one_line(booking.contact.name),
            "words": one_line(words),
            "asks_again": booking.asks_again,
            "card": WalkCard.of(booking, token=token, changes=changes),
        },
        discreet=discreet,
        calendar="PUBLISH",
        expires_at=walk.start_at,
    )


def write_ending(
    booking: Booking,
    kind: str,
    event: Event,
    *,
    discreet: str,
    calendar: Method | None = "CANCEL",
    send_after: datetime.datetime | None = None,
    words: str | None = None,
) -> None:
    """`words` are those that we wrote to her, where they are not the note of this event."""

    def context(token: str) -> Context:
        tell_us = Link.objects.mint(booking, Link.Purpose.TELL_US, expires_at=_link_expires_at(booking))
        walk = booking.walk_as_told
        return {
            **(date_and_start(walk) if walk is not None else {}),
            "name": one_line(booking.contact.name),
            "goes_on": is_shared(booking),
            "reason": booking.outcome(),
            "alternatives": booking.alternative_labels(),
            "words": one_line(event.note if words is None else words),
            "unhappy": links.unhappy_url(booking, token),
            "tell_us": links.tell_us_url(booking, tell_us),
            "seen": links.seen_url(booking, token),
            "may_call": PhoneRule.CALL in booking.contact.phone_rules,
            "ask_again": links.ask_again_url(),
            "answer_by": london.long_date(booking.answer_due_at),
        }

    write_to_her(
        booking,
        kind,
        event_id=event.pk,
        context=context,
        discreet=discreet,
        calendar=calendar if booking.walk_id else None,
        send_after=send_after,
    )


def write_to_her(
    booking: Booking,
    kind: str,
    *,
    event_id: object,
    discreet: str,
    context: ContextForLink = lambda token: {},
    calendar: Method | None = None,
    expires_at: datetime.datetime | None = None,
    send_after: datetime.datetime | None = None,
) -> None:
    """One message, if she may be written to. Discreetly it is another message, with nothing in it but the link."""
    if not booking.is_written_to or booking.status == Status.NOT_HER or not booking.contact.email:
        return
    token = Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=_link_expires_at(booking))
    values: Context = {"page": links.page_url(booking, token)}
    sender, template = settings.DISCREET_FROM_EMAIL, discreet
    if booking.channel == Channel.FULL:
        sender, template = settings.FROM_EMAIL, kind
        values |= _team(booking) | context(token)
    queue_message(
        dedupe_key=f"booking:{booking.pk}:{kind.removeprefix('booking_')}:{event_id}:her",
        thread=her_thread(booking),
        recipient=booking.contact.email,
        sender=sender,
        attachments=_calendar(booking, calendar),
        revision=booking.calendar_sequence,
        expires_at=expires_at,
        send_after=send_after,
        **render(template, values),
    )


def _calendar(booking: Booking, method: Method | None) -> Sequence[Attachment]:
    """Never with a discreet message: a calendar may be shared with the family."""
    if method is None or booking.channel != Channel.FULL:
        return ()
    return calendar_attachments(booking, method)


def _link_expires_at(booking: Booking) -> datetime.datetime:
    """A month after the walk, or after the last day on which it could be."""
    now = timezone.now()
    last_day = now + datetime.timedelta(days=booking.bcu.horizon_days)
    last = booking.walk.end_at if booking.walk is not None else last_day
    return max(last + LINK_LIVES_AFTER, now + LINK_LIVES_AT_LEAST)


def _team(booking: Booking) -> Context:
    return {
        "reference": booking.spoken_reference,
        "team": booking.team.team_name,
        "team_number": booking.team.duty_number,
        "team_hours": booking.team.duty_hours,
    }
