"""What a locked screen would show of our messages to her, read from their own files."""

from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache

from django.conf import settings
from django.utils.translation import get_language

from bookings.notices.compose import render_subject
from bookings.notices.message_files import Context, kinds
from bookings.statuses import Channel

NOT_TO_REQUESTER = ("officer_", "team_")
USUAL = "booking_scheduled"
EXAMPLE: Context = {"date": "Tuesday 8 December 2026", "start": "6:30pm", "reference": "K7QX-M2PD-9TRWE"}


@dataclass(frozen=True)
class LockScreen:
    sender: str
    usual_subject: str
    subjects: tuple[str, ...]


def lock_screens() -> dict[Channel, LockScreen]:
    """Sender and subjects of every kind of message to her, in full and discreet."""
    return _lock_screens(get_language())


@cache
def _lock_screens(language: str | None) -> dict[Channel, LockScreen]:
    senders = {Channel.FULL: settings.FROM_EMAIL, Channel.DISCREET: settings.DISCREET_FROM_EMAIL}
    return {
        channel: LockScreen(parseaddr(sender)[0], render_subject(USUAL, EXAMPLE, channel), _subjects(channel))
        for channel, sender in senders.items()
    }


def _subjects(channel: Channel) -> tuple[str, ...]:
    """Each once. Messages of the app above are read too: she gets those as well."""
    to_requester = [kind for kind in kinds(channel) if not kind.startswith(NOT_TO_REQUESTER)]
    return tuple(dict.fromkeys(render_subject(kind, EXAMPLE, channel) for kind in to_requester))
