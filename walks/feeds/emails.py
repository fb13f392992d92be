"""The message that tells an officer of a new address of their calendar."""

from accounts.emails import write_about_account
from accounts.models import SecurityEvent
from boroughs.models.officers import Officer
from walkandtalk.lib.addresses import public_url


def send_feed_made(owner: Officer, event: SecurityEvent) -> None:
    write_about_account(owner, "account_calendar_address", event, {"link": public_url("walks:calendar_feed")})
