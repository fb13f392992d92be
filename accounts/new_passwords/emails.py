"""Messages with a link to choose a password, and the notice that there is a new one."""

import datetime

from accounts.emails import account_thread, write_about_account
from accounts.force_sign_in.rules import force_settings, may_use_password
from accounts.models import PasswordLink, SecurityEvent
from boroughs.models.officers import Officer
from outbox.actions import supersede
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
    force = force_settings()
    values: Context = {
        "link": public_url("accounts:password_link", token),
        "until": london.time_and_date(expires_at),
        "force": force.name if force is not None and not may_use_password(officer) else "",
    }
    write_about_account(officer, KINDS_WITH_LINK[purpose], event, values, expires_at=expires_at)


def send_password_set(officer: Officer, event: SecurityEvent) -> None:
    """Tell the person that they have a new password, in case someone else chose it."""
    write_about_account(officer, "account_password_set", event, {"link": public_url("accounts:forgotten_password")})


def withdraw_links(officer: Officer) -> None:
    """Stop messages with a link that have not left, because their links have ended."""
    supersede(account_thread(officer), kinds=list(KINDS_WITH_LINK.values()))
