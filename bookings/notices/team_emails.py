"""Messages to a team's inbox. They contain no personal details, only a link to the page that does."""

import datetime
from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.threads import team_booking_thread, team_thread
from bookings.notices.walk_context import walk_context
from outbox.actions import queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walks.models.walks import Walk


def team_email_for(about: Walk | Booking) -> str:
    """Return the nominated inspector's address for a restricted booking or walk; otherwise the team's shared inbox."""
    return about.nominated_inspector.email if about.nominated_inspector is not None else about.bcu.inbox


def message_key(booking: Booking, kind: str, what: object) -> str:
    return f"booking:{booking.pk}:{kind}:{what}:team"


def write_to_team_of_walk(
    walk: Walk,
    kind: str,
    event: Event,
    values: Mapping[str, object] = MappingProxyType({}),
    *,
    expires_at: datetime.datetime | None = None,
) -> None:
    queue_message(
        dedupe_key=f"walk:{walk.pk}:{kind}:{event.pk}:team",
        thread=team_thread(walk),
        recipient=team_email_for(walk),
        sender=settings.FROM_EMAIL,
        version=walk.version,
        expires_at=expires_at,
        **render(kind, walk_context(walk) | dict(values)),
    )


def write_to_team_of_booking(booking: Booking, kind: str, values: Context, *, key: str) -> None:
    about: Context = {"reference": booking.spoken_reference, "staff_page": links.staff_booking_url(booking)}
    queue_message(
        dedupe_key=key,
        thread=team_booking_thread(booking),
        recipient=team_email_for(booking),
        sender=settings.FROM_EMAIL,
        **render(kind, about | values),
    )
