"""Messages about a freeze: to the inspector of another BCU who looks into it, and to the auditor."""

import datetime

from django.conf import settings
from django.utils import timezone

from bookings import links
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.team_emails import message_key, write_to_team_of_booking
from bookings.notices.threads import team_booking_thread
from bookings.statuses import Status
from outbox.actions import queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london

URGENT_BEFORE = datetime.timedelta(hours=24)


def booking_frozen(booking: Booking, event: Event, *, was_not_told: bool) -> None:
    """Tell the reviewing inspector and the auditor. They read no personal detail here.

    `was_not_told` says that the team had decided something moments before, and its message was still held.
    """
    is_urgent = _has_walk_soon(booking)
    values: Context = {
        "is_urgent": is_urgent,
        "was_not_told": was_not_told,
        "when": london.time_and_date(booking.walk.start_at) if booking.walk is not None and is_urgent else "",
    }
    if booking.nominated_inspector is not None:
        write_to_team_of_booking(
            booking, "team_booking_frozen", values, key=message_key(booking, "team_booking_frozen", event.pk)
        )
    about: Context = {
        "reference": booking.spoken_reference,
        "bcu": booking.bcu.name,
        "reviewer": booking.nominated_inspector.display_name if booking.nominated_inspector is not None else "",
    }
    queue_message(
        dedupe_key=f"booking:{booking.pk}:auditor_booking_frozen:{event.pk}:auditor",
        thread=team_booking_thread(booking),
        recipient=settings.AUDITOR_EMAIL,
        sender=settings.FROM_EMAIL,
        **render("auditor_booking_frozen", about | {"staff_page": links.staff_booking_url(booking)}),
    )


def _has_walk_soon(booking: Booking) -> bool:
    """Return whether the requester has a walk within 24 hours, so that she must be rung at once."""
    walk = booking.walk
    now = timezone.now()
    return booking.status == Status.SCHEDULED and walk is not None and now < walk.end_at <= now + URGENT_BEFORE
