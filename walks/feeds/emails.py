"""The message that tells an officer of a new address of their calendar."""

from accounts.emails import write_about_account
from accounts.force_sign_in.rules import may_use_password
from accounts.models import SecurityEvent
from boroughs.models.officers import Officer
from outbox.composing.message_files import Context
from walkandtalk.lib.addresses import public_url


def send_feed_made(owner: Officer, event: SecurityEvent) -> None:
    values: Context = {"link": public_url("walks:calendar_feed"), "has_password": may_use_password(owner)}
    write_about_account(owner, "account_calendar_address", event, values)
