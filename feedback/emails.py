"""What we write of what worried her: to her, and each morning to the inbox of a BCU."""

import datetime
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from bookings.links import better_url, heard_url, tell_us_url
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.notices.compose import Context, render
from bookings.notices.threads import her_thread
from bookings.statuses import Channel
from feedback.models.concerns import Concern, Report
from feedback.models.events import BetterQuestion, ConcernEvent
from feedback.models.notes import WalkNote
from feedback.statuses import BEING_DEALT_WITH, State
from outbox.actions import queue_message, supersede
from walkandtalk.lib import london
from walkandtalk.lib.plain_text import one_line

LINK_LIFE = datetime.timedelta(days=60)
GATHERED_FOR = datetime.timedelta(minutes=10)


def after_walk(booking: Booking, *, now: datetime.datetime) -> None:
    """Ask what worried her. Where somebody else may read her post, it says nothing of a walk."""
    _write(booking, "after_walk", key=f"booking:{booking.pk}:tell-us", link=tell_us_url(booking, _token(booking, now)))


def what_we_heard(booking: Booking, noted: Report | WalkNote) -> None:
    """An officer wrote something down for her: she reads it, and corrects it. Her words stay behind the link.

    One message for what is noted within some minutes: the newer one takes the place of what is still unsent.
    """
    if not may_be_written_to(booking):
        return
    now = timezone.now()
    supersede(her_thread(booking), kinds=["heard"])
    key, link = f"booking:{booking.pk}:heard:{noted.pk}", heard_url(booking, _token(booking, now))
    _write(booking, "what_we_heard", key=key, link=link, send_after=now + GATHERED_FOR)


def concern_answered(concern: Concern, event: ConcernEvent) -> None:
    """What came of one thing that she told us. What she said of it stays behind the link."""
    booking = concern.report.booking
    if booking is None or not may_be_written_to(booking):
        return
    context: Context = {
        "told": london.long_date(concern.told_at),
        "kind": concern.kind_label,
        "state": concern.state_in_words,
        "words": _sentence(event.to_her),
        "done": london.long_date(event.done_date) if event.done_date else "",
        "goes_on": concern.dealt_with_as.state in BEING_DEALT_WITH,
        "is_joined": event.to_state == State.MERGED,
    }
    key, link = f"concern:{concern.pk}:concern_answered:{event.pk}", tell_us_url(booking, _token(booking, event.at))
    _write(booking, "concern_answered", key=key, link=link, context=context)


def is_it_better(booking: Booking, questions: Sequence[BetterQuestion], *, now: datetime.datetime) -> None:
    """Something was done some weeks ago: does she notice? What she had said of it stays behind the link."""
    done = [
        {
            "kind": question.event.concern.kind_label,
            "told": london.long_date(question.event.concern.told_at),
            "done": london.long_date(question.event.done_date or question.event.at),
            "words": _sentence(question.event.to_her),
        }
        for question in questions
    ]
    key, link = f"booking:{booking.pk}:is_it_better:{questions[0].pk}", better_url(booking, _token(booking, now))
    _write(booking, "is_it_better", key=key, link=link, context={"done": done})


def _sentence(typed: str) -> str:
    """After a full stop it begins with a capital, however it was typed."""
    words = one_line(typed)
    return words[:1].upper() + words[1:]


def may_be_written_to(booking: Booking) -> bool:
    return booking.is_written_to and bool(booking.contact.email)


def _token(booking: Booking, now: datetime.datetime) -> str:
    return Link.objects.mint(booking, Link.Purpose.TELL_US, expires_at=now + LINK_LIFE)


def _write(
    booking: Booking,
    kind: str,
    *,
    key: str,
    link: str,
    context: Context | None = None,
    send_after: datetime.datetime | None = None,
) -> None:
    sender, template, values = settings.DISCREET_FROM_EMAIL, f"{kind}_discreet", Context(link=link)
    if booking.channel == Channel.FULL:
        sender, template = settings.FROM_EMAIL, kind
        values |= _about(booking) | (context or {})
    queue_message(
        dedupe_key=f"{key}:her",
        send_after=send_after,
        thread=her_thread(booking),
        recipient=booking.contact.email,
        sender=sender,
        **render(template, values),
    )


def _about(booking: Booking) -> Context:
    return {
        "name": one_line(booking.contact.name),
        "date": london.long_date(booking.walk.start_at) if booking.walk else "",
        "reference": booking.spoken_reference,
        "team": booking.team.team_name,
        "team_number": booking.team.duty_number,
        "team_hours": booking.team.duty_hours,
    }
