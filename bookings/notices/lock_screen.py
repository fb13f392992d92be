"""The parts of our messages that the requester's locked phone would show, read from the message files."""

from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache

from django.conf import settings
from django.utils.translation import get_language

from bookings.statuses import Channel
from outbox.composing.compose import render_subject
from outbox.composing.message_files import Context, kinds

NOT_TO_REQUESTER = ("account_", "auditor_", "follower_", "officer_", "standards_", "team_")
USUAL = "booking_scheduled"
EXAMPLE: Context = {"date": "Tuesday 8 December 2026", "start": "6:30pm", "reference": "K7QX-M2PD-9TRWE"}


@dataclass(frozen=True)
class LockScreen:
    sender: str
    usual_subject: str
    subjects: tuple[str, ...]


def lock_screens(usual: str = USUAL) -> dict[Channel, LockScreen]:
    """Return the sender and all the subjects of messages to the requester, full and discreet. `usual` is a kind."""
    return _lock_screens(get_language(), usual)


@cache
def _lock_screens(language: str | None, usual: str) -> dict[Channel, LockScreen]:
    senders = {Channel.FULL: settings.FROM_EMAIL, Channel.DISCREET: settings.DISCREET_FROM_EMAIL}
    return {
        channel: _lock_screen(sender, usual, is_discreet=channel == Channel.DISCREET)
        for channel, sender in senders.items()
    }


def _lock_screen(sender: str, usual: str, *, is_discreet: bool) -> LockScreen:
    """Return each subject once, including the messages from feedback, because the requester gets those too."""
    to_requester = [kind for kind in kinds(is_discreet=is_discreet) if not kind.startswith(NOT_TO_REQUESTER)]
    subjects = dict.fromkeys(render_subject(kind, EXAMPLE, is_discreet=is_discreet) for kind in to_requester)
    usual_subject = render_subject(usual, EXAMPLE, is_discreet=is_discreet)
    return LockScreen(parseaddr(sender)[0], usual_subject, tuple(subjects))
