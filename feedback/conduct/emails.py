"""The message to professional standards. Nothing on a staff page leads to it, and its key names no booking."""

import uuid
from dataclasses import dataclass

from django.conf import settings

from bookings.models.bookings import Booking
from boroughs.models.officers import Officer
from feedback.models.concerns import Concern, Correction
from outbox.actions import queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from outbox.models import Message, MessageQuerySet
from walkandtalk.lib import london

KIND = "standards_conduct"
THREAD_PREFIX = "standards:"


@dataclass(frozen=True, kw_only=True)
class ConductReport:
    """Words about an officer, and how professional standards may reach the requester, if she wants a reply."""

    words: str
    contact: str = ""


def messages_to_standards() -> MessageQuerySet:
    return Message.objects.filter(kind=KIND)


def is_written(key: uuid.UUID) -> bool:
    return Message.objects.filter(dedupe_key=_dedupe_key(key)).exists()


def conduct_reported(booking: Booking, report: ConductReport, *, key: uuid.UUID) -> None:
    """Send what a requester wrote herself. `key` says nothing of her, and the same key makes one message."""
    _write(key, _about_walk(booking) | {"paragraphs": _paragraphs(report.words), "contact": report.contact})


def conduct_diverted(concern: Concern, *, by: Officer) -> None:
    """Send the words of a concern that is about an officer, with every correction, before they are erased here."""
    wordings: list[Concern | Correction] = [concern, *concern.corrections.all()]
    noted_by = concern.report.by_officer
    about: Context = {
        "reference": concern.reference,
        "bcu": concern.bcu.name,
        "kind": concern.kind_label,
        "told": london.long_date(concern.reported_at),
        "noted_by": noted_by.display_name if noted_by is not None else "",
        "passed_on_by": by.display_name,
        "paragraphs": [line for each in wordings for text in (each.place, each.text) for line in _paragraphs(text)],
    }
    booking = concern.report.booking
    _write(uuid.uuid4(), about | (_about_walk(booking) if booking is not None else {}))


def _about_walk(booking: Booking) -> Context:
    walk = booking.walk or booking.cut_short_walk
    bcu = walk.bcu if walk is not None else booking.bcu
    return {
        "reference": booking.spoken_reference,
        "bcu": bcu.name,
        "date": london.long_date(walk.start_at) if walk is not None else "",
    }


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _dedupe_key(key: uuid.UUID) -> str:
    return f"conduct:{key}:{KIND}"


def _write(key: uuid.UUID, context: Context) -> None:
    # A thread of its own, so that no message waits for another, and none is found by its booking.
    queue_message(
        dedupe_key=_dedupe_key(key),
        thread=f"{THREAD_PREFIX}{key}",
        recipient=settings.CONDUCT_INBOX,
        sender=settings.FROM_EMAIL,
        **render(KIND, context),
    )
