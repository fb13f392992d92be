"""Whether the person of a session has a second factor. The session keeps it, so that no page costs a query for it."""

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from boroughs.models.officers import Officer

SESSION_KEY = "has_second_factor"
FACTORS = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
"""Recovery codes are no factor of their own: they stand in for one of these."""


def has_second_factor(officer: Officer) -> bool:
    return Authenticator.objects.filter(user=officer, type__in=FACTORS).exists()


def has_passkey(officer: Officer) -> bool:
    return Authenticator.objects.filter(user=officer, type=Authenticator.Type.WEBAUTHN).exists()


def count_recovery_codes(officer: Officer) -> int:
    """Return how many recovery codes this person has not used."""
    codes = Authenticator.objects.filter(user=officer, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(codes.wrap().get_unused_codes()) if codes is not None else 0


def note_second_factor(request: HttpRequest, officer: Officer) -> None:
    """Say in the session whether this person has a second factor now."""
    request.session[SESSION_KEY] = has_second_factor(officer)


def lacks_second_factor(request: HttpRequest) -> bool:
    return not request.session.get(SESSION_KEY, False)
