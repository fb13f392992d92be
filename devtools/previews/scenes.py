"""Previews of every kind of message, with sample data. The functions that write the real messages also write these."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from bookings.statuses import Channel
from devtools.previews.sample_data import PreviewData, Write
from devtools.previews.to_followers import MessagesToFollowers
from devtools.previews.to_partners import MessagesAboutImprovements
from devtools.previews.to_requester import MessagesToRequester
from devtools.previews.to_staff import MessagesToStaff
from outbox.models import Message

SENT_ON_REQUESTERS_ACTION = {"times-changed"}
"""Messages about something the requester did herself. They have no discreet form."""


@dataclass(frozen=True)
class MessagePreview:
    name: str
    """The kind, with "-discreet" for the discreet form."""
    message: Message


def previews(*, only: str = "") -> list[MessagePreview]:
    """Write and read the messages in a transaction that is rolled back: nothing is kept and nothing is sent."""
    with transaction.atomic():
        found_previews = list(write_previews(PreviewData(), only=only))
        transaction.set_rollback(True)
    return found_previews


def write_previews(data: PreviewData, *, only: str = "") -> Iterator[MessagePreview]:
    """Yield each kind of message, in its full form and its discreet form."""
    for channel, form in ((Channel.FULL, ""), (Channel.DISCREET, "-discreet")):
        data.booking.channel = channel
        for name, write in MessagesToRequester(data).list_all():
            if only in ("", f"{name}{form}") and not (form and name in SENT_ON_REQUESTERS_ACTION):
                yield _preview(f"{name}{form}", write)
    data.booking.channel = Channel.FULL
    others = (MessagesToFollowers, MessagesToStaff, MessagesAboutImprovements)
    for name, write in (sample for messages in others for sample in messages(data).list_all()):
        if only in ("", name):
            yield _preview(name, write)


def _preview(name: str, write: Write) -> MessagePreview:
    previous_number = Message.objects.order_by("-number").values_list("number", flat=True).first() or 0
    write()
    return MessagePreview(name, Message.objects.filter(number__gt=previous_number).latest("number"))
