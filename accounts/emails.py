"""Messages to a person about their own account."""

import datetime

from django.conf import settings

from accounts.models import SecurityEvent
from boroughs.models.officers import Officer
from outbox.actions import queue_message
from outbox.composing.compose import render
from outbox.composing.message_files import Context
from walkandtalk.lib import london
from walkandtalk.lib.addresses import public_url


def account_thread(officer: Officer) -> str:
    """Return the thread of messages about a person's own account."""
    return f"account:{officer.pk}"


def write_about_account(
    officer: Officer,
    kind: str,
    event: SecurityEvent,
    values: Context,
    *,
    expires_at: datetime.datetime | None = None,
    address: str = "",
) -> None:
    """Queue a message to the work address, or another. It may name the person and the moment of the event."""
    queue_message(
        dedupe_key=f"officer:{officer.pk}:{kind}:{event.pk}",
        thread=account_thread(officer),
        recipient=address or officer.email,
        sender=settings.FROM_EMAIL,
        expires_at=expires_at,
        **render(kind, {"name": officer.name, "at": london.time_and_date(event.at), **values}),
    )


def send_new_browser(officer: Officer, browser: str, event: SecurityEvent, *, has_password: bool) -> None:
    """Tell the person that their account was used in a browser that had not been theirs."""
    values: Context = {"browser": browser, "link": public_url("accounts:sessions"), "has_password": has_password}
    write_about_account(officer, "account_new_browser", event, values)


def send_signed_out_by_administrator(officer: Officer, event: SecurityEvent) -> None:
    """Tell the person that an administrator has signed them out everywhere."""
    write_about_account(officer, "account_signed_out", event, {"link": public_url("accounts:sign_in")})


def send_force_account_connected(officer: Officer, event: SecurityEvent) -> None:
    """Tell the person that a force account opens their account now, in case it was someone else's doing."""
    write_about_account(officer, "account_force_connected", event, {"link": public_url("accounts:sign_in")})


def send_second_step_failed(officer: Officer, event: SecurityEvent) -> None:
    """Tell the person that someone knew their password, and failed the second step several times."""
    values: Context = {"link": public_url("accounts:forgotten_password")}
    write_about_account(officer, "account_second_step_failed", event, values)


def send_address_changed(officer: Officer, *, address_before: str, event: SecurityEvent) -> None:
    """Tell the person at their old address that messages go elsewhere now, also links to choose a password."""
    write_about_account(officer, "account_address_changed", event, {}, address=address_before)
