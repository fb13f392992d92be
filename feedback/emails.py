"""What we write to her after a walk."""

import datetime

from django.conf import settings
from django.template.loader import render_to_string

from bookings.emails import her_thread
from bookings.links import tell_us_url
from bookings.models import Booking, Link
from bookings.plain_text import one_line, render_plain
from bookings.statuses import Channel
from outbox.actions import queue_message
from walkandtalk.lib import london

LINK_LIFE = datetime.timedelta(days=60)


def after_walk(booking: Booking, *, now: datetime.datetime) -> None:
    """Ask what worried her. Where somebody else may read her post, it says nothing of a walk."""
    token = Link.objects.mint(booking, Link.Purpose.TELL_US, expires_at=now + LINK_LIFE)
    link = tell_us_url(booking, token)
    if booking.channel == Channel.DISCREET:
        sender, kind, context = settings.DISCREET_FROM_EMAIL, "after_walk_discreet", {"link": link}
    else:
        sender, kind, context = settings.FROM_EMAIL, "after_walk", {"link": link, **_about(booking)}
    path = f"feedback/emails/{kind}"
    subject = render_plain(f"{path}.subject.txt", context).strip()
    queue_message(
        dedupe_key=f"booking:{booking.pk}:tell-us:her",
        thread=her_thread(booking),
        recipient=booking.contact.email,
        sender=sender,
        subject=subject,
        text=render_plain(f"{path}.txt", context),
        html=render_to_string(f"{path}.html", {**context, "subject": subject}),
    )


def _about(booking: Booking) -> dict[str, str]:
    return {
        "name": one_line(booking.contact.name),
        "date": london.long_date(booking.walk.start_at) if booking.walk else "",
        "reference": booking.spoken_reference,
        "team": booking.team.team_name,
        "team_number": booking.team.duty_number,
        "team_hours": booking.team.duty_hours,
    }
