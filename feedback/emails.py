"""What we write to her after a walk."""

import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from bookings.emails import her_thread
from bookings.links import heard_url, tell_us_url
from bookings.models import Booking, Link
from bookings.plain_text import one_line, render_plain
from bookings.statuses import Channel
from feedback.models import Report, WalkNote
from outbox.actions import queue_message, supersede
from walkandtalk.lib import london

LINK_LIFE = datetime.timedelta(days=60)
GATHERED_FOR = datetime.timedelta(minutes=10)


def after_walk(booking: Booking, *, now: datetime.datetime) -> None:
    """Ask what worried her. Where somebody else may read her post, it says nothing of a walk."""
    _write(booking, "after_walk", key="tell-us", link=tell_us_url(booking, _token(booking, now)))


def what_we_heard(booking: Booking, noted: Report | WalkNote) -> None:
    """An officer wrote something down for her: she reads it, and corrects it. Her words stay behind the link.

    One message for what is noted within some minutes: the newer one takes the place of what is still unsent.
    """
    if not booking.is_written_to or not booking.contact.email:
        return
    now = timezone.now()
    supersede(her_thread(booking), kinds=["heard"])
    link = heard_url(booking, _token(booking, now))
    _write(booking, "what_we_heard", key=f"heard:{noted.pk}", link=link, send_after=now + GATHERED_FOR)


def _token(booking: Booking, now: datetime.datetime) -> str:
    return Link.objects.mint(booking, Link.Purpose.TELL_US, expires_at=now + LINK_LIFE)


def _write(booking: Booking, kind: str, *, key: str, link: str, send_after: datetime.datetime | None = None) -> None:
    if booking.channel == Channel.DISCREET:
        sender, kind, context = settings.DISCREET_FROM_EMAIL, f"{kind}_discreet", {"link": link}
    else:
        sender, context = settings.FROM_EMAIL, {"link": link, **_about(booking)}
    path = f"feedback/emails/{kind}"
    subject = render_plain(f"{path}.subject.txt", context).strip()
    queue_message(
        dedupe_key=f"booking:{booking.pk}:{key}:her",
        send_after=send_after,
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
