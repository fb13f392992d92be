"""Messages with a link to choose a password, and the notice that there is a new one."""

import datetime

from django.conf import settings

from accounts.models import PasswordLink, SecurityEvent
from accounts.new_passwords.threads import account_thread
from boroughs.models.officers import Officer
from outbox.actions import queue_message, supersede
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walkandtalk.lib.addresses import public_url

Purpose = PasswordLink.Purpose
KINDS_WITH_LINK = {Purpose.INVITATION: "account_invited", Purpose.RESET: "account_password_reset"}


def send_password_link(
    officer: Officer, purpose: Purpose, event: SecurityEvent, *, token: str, expires_at: datetime.datetime
) -> None:
    """Send the link instead of an earlier one that has not left. It is of no use once it has expired."""
    supersede(account_thread(officer), kinds=[KINDS_WITH_LINK[purpose]])
    values: Context = {"link": public_url("accounts:password_link", token), "until": london.time_and_date(expires_at)}
    _write(officer, KINDS_WITH_LINK[purpose], event, values, expires_at=expires_at)


def send_password_set(officer: Officer, event: SecurityEvent) -> None:
    """Tell the person that they have a new password, in case someone else chose it."""
    values: Context = {"link": public_url("accounts:forgotten_password"), "at": london.time_and_date(event.at)}
    _write(officer, "account_password_set", event, values)


def withdraw_links(officer: Officer) -> None:
    """Stop messages with a link that have not left, because their links have ended."""
    supersede(account_thread(officer), kinds=list(KINDS_WITH_LINK.values()))


def _write(
    officer: Officer, kind: str, event: SecurityEvent, values: Context, *, expires_at: datetime.datetime | None = None
) -> None:
    queue_message(
        dedupe_key=f"officer:{officer.pk}:{kind}:{event.pk}",
        thread=account_thread(officer),
        recipient=officer.email,
        sender=settings.FROM_EMAIL,
        expires_at=expires_at,
        **render(kind, {"name": officer.name, **values}),
    )
