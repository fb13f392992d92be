"""The messages of a decision as their readers will get them, for the inspector who makes it."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from bookings.models.bookings import Booking
from bookings.notices.threads import OFFICER_THREAD_PREFIX, REQUESTER_THREAD_PREFIX
from outbox.actions import message_batch
from outbox.models import Message
from walkandtalk.lib.reading import untracked
from walks.models.walks import Walk

WEB_ADDRESS = re.compile(r"(https?://[^/\s]+)/\S+")
"""Each address in her message opens her page, so nobody else may read it."""
NEW_PHRASE = "[new phrase]"
"""A phrase is made when the walk is saved, so the preview can't know it."""


@dataclass(frozen=True)
class RequesterMessage:
    booking: Booking
    subject: str
    text: str


@dataclass(frozen=True)
class Preview:
    """The messages to requesters, and the number of officers who get one too.

    `others` are messages to requesters whose bookings the page doesn't open, so nobody reads them here.
    """

    messages: list[RequesterMessage]
    officers: int
    others: int = 0

    def limited_to(self, opened: Collection[UUID]) -> "Preview":
        """Return only the messages about these bookings, and the number of the others."""
        shown = [message for message in self.messages if message.booking.pk in opened]
        return Preview(shown, self.officers, len(self.messages) - len(shown))


def preview_decision(decide: Callable[[], object], *, walk: Walk | None) -> Preview:
    """Make the decision, read its messages, and take everything back, so that nothing is saved or sent.

    So the preview is made by the same code as the message. `walk` is the walk as it was before, if there was one. Raise
    the same errors as the decision.
    """
    with untracked(), transaction.atomic():
        known = _phrases_of(walk) if walk is not None else set()
        with message_batch() as batch:
            decide()
        preview = read_messages(batch.queued, known_phrases=known)
        transaction.set_rollback(True)
    return preview


def read_messages(messages: Collection[UUID], *, known_phrases: Collection[str] | None = None) -> Preview:
    """Return these messages without her links and, if `known_phrases` are given, without any other phrase."""
    rows = list(Message.objects.filter(pk__in=messages).order_by("number"))
    to_requesters = {row.thread.removeprefix(REQUESTER_THREAD_PREFIX): row for row in rows if _is_to_requester(row)}
    bookings = Booking.objects.filter(pk__in=to_requesters).for_decision().in_bulk()
    shown = []
    for pk, row in to_requesters.items():
        booking = bookings[UUID(pk)]
        new = _phrases_of(booking.walk) - set(known_phrases) if known_phrases is not None and booking.walk else set()
        shown.append(RequesterMessage(booking, row.subject, _without(row.text, new)))
    return Preview(shown, sum(row.thread.startswith(OFFICER_THREAD_PREFIX) for row in rows))


def _is_to_requester(message: Message) -> bool:
    return message.thread.startswith(REQUESTER_THREAD_PREFIX)


def _phrases_of(walk: Walk) -> set[str]:
    return {walk.officers_phrase, walk.requester_phrase}


def _without(text: str, phrases: Collection[str]) -> str:
    for phrase in phrases:
        text = text.replace(phrase, NEW_PHRASE)
    return WEB_ADDRESS.sub(r"\1/…", text)
