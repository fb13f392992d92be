"""Whether the person of a session has a second factor. The session keeps it, so that no page costs a query for it."""

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from boroughs.models.officers import Officer

SESSION_KEY = "has_second_factor"
FORCE_KEY = "second_factor_of_force"
FACTORS = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
"""Recovery codes are no factor of their own: they stand in for one of these."""


def has_second_factor(officer: Officer) -> bool:
    return Authenticator.objects.filter(user=officer, type__in=FACTORS).exists()


def has_passkey(officer: Officer) -> bool:
    return Authenticator.objects.filter(user=officer, type=Authenticator.Type.WEBAUTHN).exists()


def has_app(officer: Officer) -> bool:
    return Authenticator.objects.filter(user=officer, type=Authenticator.Type.TOTP).exists()


def count_recovery_codes(officer: Officer) -> int:
    """Return how many recovery codes this person has not used."""
    codes = Authenticator.objects.filter(user=officer, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(codes.wrap().get_unused_codes()) if codes is not None else 0


def note_factor_of_force(request: HttpRequest, *, was_shown: bool) -> None:
    """Say in the session whether the force's own sign-in has asked for a second factor. Call it before the next."""
    request.session[FORCE_KEY] = was_shown


def note_second_factor(request: HttpRequest, officer: Officer) -> None:
    """Say in the session whether this person has a second factor now, of ours or the force's."""
    request.session[SESSION_KEY] = request.session.get(FORCE_KEY, False) or has_second_factor(officer)


def lacks_second_factor(request: HttpRequest) -> bool:
    return not request.session.get(SESSION_KEY, False)
