"""Messages to a person about their second factors, in case someone else changed them."""

from allauth.mfa.models import Authenticator

from accounts.emails import write_about_account
from accounts.models import SecurityEvent
from boroughs.models.officers import Officer
from walkandtalk.lib.addresses import public_url

FACTORS: dict[str, str] = {
    Authenticator.Type.WEBAUTHN: "a passkey",
    Authenticator.Type.TOTP: "an authenticator app",
}


def send_factor_added(officer: Officer, factor: str, event: SecurityEvent) -> None:
    write_about_account(officer, "account_factor_added", event, {"factor": FACTORS[factor], "link": _page()})


def send_factor_removed(officer: Officer, factor: str, event: SecurityEvent) -> None:
    write_about_account(officer, "account_factor_removed", event, {"factor": FACTORS[factor], "link": _page()})


def send_recovery_codes_made(officer: Officer, event: SecurityEvent) -> None:
    write_about_account(officer, "account_recovery_codes_made", event, {"link": _page()})


def send_recovery_code_used(officer: Officer, event: SecurityEvent, *, left: int) -> None:
    write_about_account(officer, "account_recovery_code_used", event, {"remaining": left, "link": _page()})


def _page() -> str:
    return public_url("mfa_index")
