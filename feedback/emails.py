"""Messages to requesters about reports, recorded notes and concerns, and to the owner of a concern."""

import datetime
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils import timezone, translation

from bookings.links import recorded_notes_url, staff_concern_url
from bookings.models.bookings import Booking
from bookings.notices.threads import concern_owner_thread, requester_thread
from bookings.statuses import Channel
from feedback.models.concerns import Concern, Report
from feedback.models.contacts import ReportContact
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.models.notes import WalkNote
from feedback.recipients import BookingRecipient, ContactRecipient, Recipient, recipient_of
from feedback.statuses import ACTIVE_STATES
from outbox.actions import queue_message, supersede
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walkandtalk.lib.plain_text import one_line

BATCHING_DELAY = datetime.timedelta(minutes=10)


def report_invitation(booking: Booking, *, now: datetime.datetime) -> None:
    """Ask the requester what worried her. The discreet form does not mention a walk."""
    recipient = BookingRecipient(booking)
    _write(
        recipient,
        "report_invitation",
        key=f"{recipient.key}:report_invitation",
        link=recipient.page_url(now),
        always={"date": _walked_on(booking)},
    )


def place_report_received(contact: ReportContact, *, now: datetime.datetime) -> None:
    """Ask whether it was her, at an address that she may have mistyped. It says nothing of the place."""
    recipient = ContactRecipient(contact)
    if recipient.can_be_emailed:
        key = f"{recipient.key}:place_report_received"
        _write(recipient, "place_report_received", key=key, link=recipient.page_url(now))


def recorded_notes(booking: Booking, noted: Report | WalkNote) -> None:
    """Tell the requester that an officer recorded notes for her, which she can read and correct behind the link.

    Notes recorded within ten minutes give one message: a newer one supersedes those not yet sent.
    """
    recipient, now = BookingRecipient(booking), timezone.now()
    if not recipient.can_be_emailed:
        return
    supersede(requester_thread(booking), kinds=["recorded_notes"])
    _write(
        recipient,
        "recorded_notes",
        key=f"{recipient.key}:recorded_notes:{noted.pk}",
        link=recorded_notes_url(booking, recipient.token(now)),
        always={"date": _walked_on(booking)},
        send_after=now + BATCHING_DELAY,
    )


def _walked_on(booking: Booking) -> str:
    return london.long_date(booking.walk.start_at) if booking.walk else ""


def concern_answered(concern: Concern, event: ConcernEvent) -> None:
    """Send the requester the answer to one concern. Her own words stay behind the link."""
    recipient = recipient_of(concern.report)
    if recipient is None or not recipient.hears_news:
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

    key, link = f"concern:{concern.pk}:concern_answered:{event.pk}", recipient.page_url(event.at)
    _write(recipient, "concern_answered", key=key, link=link, context=context)


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


def follow_up_question(recipient: Recipient, questions: Sequence[FollowUpQuestion], *, now: datetime.datetime) -> None:
    """Ask the requester whether something done some weeks ago has helped. Her own words stay behind the link."""
    _write(
        recipient,
        "follow_up_question",
        key=f"{recipient.key}:follow_up_question:{questions[0].pk}",
        link=recipient.follow_up_url(now),
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


def _write(
    recipient: Recipient,
    kind: str,
    *,
    key: str,
    link: str,
    context: Callable[[], Context] = dict,
    always: Context | None = None,
    send_after: datetime.datetime | None = None,
) -> None:
    """Queue a message in her channel and language. Until she has confirmed, it gets only what it `always` says."""
    is_discreet = recipient.channel != Channel.FULL
    values = Context(link=link)
    with translation.override(recipient.language):
        if not is_discreet:
            told = {"is_confirmed": True, **context()} if recipient.is_confirmed else {"is_confirmed": False}
            values |= recipient.header_values() | (always or {}) | told
        content = render(kind, values, is_discreet=is_discreet)
    queue_message(
        dedupe_key=f"{key}:requester",
        send_after=send_after,
        thread=recipient.thread,
        recipient=recipient.address,
        sender=settings.DISCREET_FROM_EMAIL if is_discreet else settings.FROM_EMAIL,
        **content,
    )
