"""Messages to requesters about reports, recorded notes and concerns, and to the owner of a concern."""

import datetime
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils import timezone, translation

from bookings.links import follow_up_url, recorded_notes_url, report_url, staff_concern_url
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.notices.letters import about_booking
from bookings.notices.threads import concern_owner_thread, requester_thread
from bookings.statuses import Channel
from feedback.models.concerns import Concern, Report
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.models.notes import WalkNote
from feedback.statuses import ACTIVE_STATES
from outbox.actions import queue_message, supersede
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walkandtalk.lib.plain_text import one_line

LINK_LIFE = datetime.timedelta(days=60)
BATCHING_DELAY = datetime.timedelta(minutes=10)


def report_invitation(booking: Booking, *, now: datetime.datetime) -> None:
    """Ask the requester what worried her. The discreet form does not mention a walk."""
    _write(
        booking,
        "report_invitation",
        key=f"booking:{booking.pk}:report_invitation",
        link=report_url(booking, _token(booking, now)),
    )


def recorded_notes(booking: Booking, noted: Report | WalkNote) -> None:
    """Tell the requester that an officer recorded notes for her, which she can read and correct behind the link.

    Notes recorded within ten minutes give one message: a newer one supersedes those not yet sent.
    """
    if not can_be_emailed(booking):
        return
    now = timezone.now()
    supersede(requester_thread(booking), kinds=["recorded_notes"])
    key, link = f"booking:{booking.pk}:recorded_notes:{noted.pk}", recorded_notes_url(booking, _token(booking, now))
    _write(booking, "recorded_notes", key=key, link=link, send_after=now + BATCHING_DELAY)


def concern_answered(concern: Concern, event: ConcernEvent) -> None:
    """Send the requester the answer to one concern. Her own words stay behind the link."""
    booking = concern.report.booking
    if booking is None or not can_be_emailed(booking):
        return

    def context() -> Context:
        return {
            "told": london.long_date(concern.reported_at),
            "kind": concern.kind_label,
            "state": concern.state_for_requester,
            "words": _sentence(event.to_requester),
            "done": london.long_date(event.done_date) if event.done_date else "",
            "is_continuing": concern.state in ACTIVE_STATES,
        }

    key, link = f"concern:{concern.pk}:concern_answered:{event.pk}", report_url(booking, _token(booking, event.at))
    _write(booking, "concern_answered", key=key, link=link, context=context)


def concern_owner_chosen(concern: Concern, *, because: str) -> None:
    """Tell the new owner, at her work address. The message has no personal details, only a link and the day.

    `because` names the event, so that each choice of an owner makes one message.
    """
    if concern.owner is None:
        return
    day = london.long_date(concern.review_date) if concern.review_date else ""
    context = Context(review_date=day, page=staff_concern_url(concern.pk))
    queue_message(
        dedupe_key=f"concern:{concern.pk}:officer_concern_owner:{because}",
        thread=concern_owner_thread(concern.owner),
        recipient=concern.owner.email,
        sender=settings.FROM_EMAIL,
        **render("officer_concern_owner", context),
    )


def follow_up_question(booking: Booking, questions: Sequence[FollowUpQuestion], *, now: datetime.datetime) -> None:
    """Ask the requester whether something done some weeks ago has helped. Her own words stay behind the link."""
    _write(
        booking,
        "follow_up_question",
        key=f"booking:{booking.pk}:follow_up_question:{questions[0].pk}",
        link=follow_up_url(booking, _token(booking, now)),
        context=lambda: {"concerns": [_in_words(question.event) for question in questions]},
    )


def _in_words(event: ConcernEvent) -> Context:
    return {
        "kind": event.concern.kind_label,
        "told": london.long_date(event.concern.reported_at),
        "done": london.long_date(event.done_date or event.at),
        "words": _sentence(event.to_requester),
    }


def _sentence(typed: str) -> str:
    """Begin with a capital letter, because the text follows a full stop."""
    words = one_line(typed)
    return words[:1].upper() + words[1:]


def can_be_emailed(booking: Booking) -> bool:
    return booking.can_be_emailed and bool(booking.contact.email)


def _token(booking: Booking, now: datetime.datetime) -> str:
    return Link.objects.create_token(
        booking, Link.Purpose.REPORT, expires_at=now + LINK_LIFE, email=booking.contact.email
    )


def _write(
    booking: Booking,
    kind: str,
    *,
    key: str,
    link: str,
    context: Callable[[], Context] = dict,
    send_after: datetime.datetime | None = None,
) -> None:
    sender, values = settings.DISCREET_FROM_EMAIL, Context(link=link)
    with translation.override(booking.contact.language):
        if booking.channel == Channel.FULL:
            sender = settings.FROM_EMAIL
            walked_on = london.long_date(booking.walk.start_at) if booking.walk else ""
            values |= about_booking(booking) | {"date": walked_on} | context()
        content = render(kind, values, is_discreet=booking.channel != Channel.FULL)
    queue_message(
        dedupe_key=f"{key}:requester",
        send_after=send_after,
        thread=requester_thread(booking),
        recipient=booking.contact.email,
        sender=sender,
        **content,
    )
