"""What a locked screen would show of our messages to her, read from their own templates."""

from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

from bookings.notices.compose import Context, render_subject
from bookings.statuses import Channel
from walkandtalk.lib.plain_text import render_plain

SUBJECTS = "**/emails/*.subject.txt"
NOT_TO_REQUESTER = ("officer_", "team_")
NEWS_SUBJECTS = {Channel.FULL: "booking_scheduled", Channel.DISCREET: "discreet_news"}
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
        channel: LockScreen(parseaddr(sender)[0], render_subject(NEWS_SUBJECTS[channel], EXAMPLE), _subjects(channel))
        for channel, sender in senders.items()
    }


def _subjects(channel: Channel) -> tuple[str, ...]:
    """Each once. Templates of the app above are read too: she gets those messages as well."""
    folder = settings.BASE_DIR / "templates"
    names = sorted(path.relative_to(folder) for path in folder.glob(SUBJECTS) if _is_to_requester(path, channel))
    return tuple(dict.fromkeys(render_plain(str(name), EXAMPLE).strip() for name in names))


def _is_to_requester(path: Path, channel: Channel) -> bool:
    return not path.name.startswith(NOT_TO_REQUESTER) and ("discreet" in path.name) == (channel == Channel.DISCREET)
