"""The parts of our messages that the requester's locked phone would show, read from the message files."""

from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache

from django.conf import settings
from django.utils.translation import get_language

from bookings.notices.compose import render_subject
from bookings.notices.message_files import Context, kinds
from bookings.statuses import Channel

NOT_TO_REQUESTER = ("auditor_", "officer_", "team_")
USUAL = "booking_scheduled"
EXAMPLE: Context = {"date": "Tuesday 8 December 2026", "start": "6:30pm", "reference": "K7QX-M2PD-9TRWE"}


@dataclass(frozen=True)
class LockScreen:
    sender: str
    usual_subject: str
    subjects: tuple[str, ...]


def lock_screens() -> dict[Channel, LockScreen]:
    """Return the sender and all the subjects of messages to the requester, full and discreet."""
    return _lock_screens(get_language())


@cache
def _lock_screens(language: str | None) -> dict[Channel, LockScreen]:
    senders = {Channel.FULL: settings.FROM_EMAIL, Channel.DISCREET: settings.DISCREET_FROM_EMAIL}
    return {
        channel: LockScreen(parseaddr(sender)[0], render_subject(USUAL, EXAMPLE, channel), _subjects(channel))
        for channel, sender in senders.items()
    }


def _subjects(channel: Channel) -> tuple[str, ...]:
    """Return each subject once, including the messages from feedback, because the requester gets those too."""
    to_requester = [kind for kind in kinds(channel) if not kind.startswith(NOT_TO_REQUESTER)]
    return tuple(dict.fromkeys(render_subject(kind, EXAMPLE, channel) for kind in to_requester))
