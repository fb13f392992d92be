"""Security notices: tell the requester of a change to her credentials or contact details.

An act of the team is announced where we could write before it and where we can write after it. An act of her own is
shown on her page, and written to a new address only, because someone else may read the old one
(docs/rules.md#acts-on-her-credentials).
"""

import datetime
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone, translation

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.links import Link
from bookings.notices.letters import about_booking
from bookings.notices.threads import security_thread
from bookings.permissions import may_show_details
from bookings.statuses import Channel, EventKind
from outbox.actions import queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london, tokens

FREEZE_LINK_LIFETIME = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Route:
    """An address to which we may write, and the words that are safe there."""

    email: str
    channel: Channel
    is_confirmed: bool = field(compare=False)
    """Whether the requester has shown that the address is hers. A stranger at any other must not freeze her request."""


def current_route(booking: Booking) -> Route | None:
    """Return where a security notice may go now, or None if her page alone can say it."""
    contact = booking.contact
    if not booking.can_be_emailed or not contact.email:
        return None
    if contact.unsafe_email_hmac in contact.address_hmacs:
        return None
    return Route(contact.email, Channel(booking.channel), is_confirmed=may_show_details(booking))


def announce_team_act(booking: Booking, event: Event, *, before: Route | None) -> None:
    """Announce an act of the team to the routes from before and after it. The caller holds the booking's lock."""
    after = current_route(booking)
    if before is not None:
        _queue_notice(booking, event, before)
    if after is not None and after != before:
        _queue_notice(booking, event, after)


def announce_own_act(booking: Booking, event: Event, *, before: Route | None) -> None:
    """Announce the requester's own act at her new address, if she has one. Her page shows every act."""
    route = current_route(booking)
    if route is not None and (before is None or route.email != before.email):
        _queue_notice(booking, event, route)


def announce_wrong_pins(booking: Booking, event: Event, *, day: datetime.date) -> None:
    """Announce that someone entered many wrong PINs. Nothing goes to an address that nobody has confirmed."""
    route = current_route(booking)
    if route is not None and route.is_confirmed:
        _queue_notice(booking, event, route, kind="booking_wrong_pins", day=day)


def _queue_notice(
    booking: Booking,
    event: Event,
    route: Route,
    *,
    kind: str = "booking_details_changed",
    day: datetime.date | None = None,
) -> None:
    """Queue a notice with nothing but the link to freeze: a reader of an old address must not reach her page.

    An address that she has not confirmed gets no link at all.
    """
    values: Context = {"page": _freeze_link(booking, route) if route.is_confirmed else ""}
    sender = settings.DISCREET_FROM_EMAIL
    with translation.override(booking.contact.language):
        if route.channel == Channel.FULL:
            sender = settings.FROM_EMAIL
            values |= about_booking(booking) | {"date": london.long_date(day or event.at), **_kind_of_act(event)}
        content = render(kind, values, is_discreet=route.channel != Channel.FULL)
    name, address = kind.removeprefix("booking_"), tokens.short_hmac(route.email)
    queue_message(
        dedupe_key=f"booking:{booking.pk}:{name}:{event.pk}:{address}",
        thread=security_thread(booking),
        recipient=route.email,
        sender=sender,
        **content,
    )


def _kind_of_act(event: Event) -> Context:
    """Return true or false for each act that has words of its own. A template couldn't compare an escaped name."""
    return {
        "is_new_pin": event.kind in (EventKind.PIN_RESET, EventKind.FIRST_PIN_ISSUED),
        "is_moved": event.kind in (EventKind.HANDED_OVER, EventKind.REASSIGNED),
        "is_unfrozen": event.kind == EventKind.UNFROZEN,
        "is_resumed": event.kind == EventKind.MESSAGES_RESUMED,
    }


def _freeze_link(booking: Booking, route: Route) -> str:
    expires_at = timezone.now() + FREEZE_LINK_LIFETIME
    token = Link.objects.create_token(booking, Link.Purpose.FREEZE, expires_at=expires_at, email=route.email)
    return links.freeze_url(route.channel, token)
