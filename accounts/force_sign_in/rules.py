"""Who may sign in how, once the force's own sign-in is on (docs/rules.md#force-sign-in)."""

from collections.abc import Collection

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from boroughs.models.officers import Officer
from walkandtalk.lib.force_sign_in import ForceSignIn

BY_FORCE = "force"
"""A step of signing in, beside "password", "webauthn" and those of other second factors."""


def force_settings() -> ForceSignIn | None:
    """Return the settings of the force's sign-in, or None if it is off."""
    force: ForceSignIn | None = settings.FORCE_SIGN_IN
    return force


def is_break_glass_email(email: str) -> bool:
    """Return whether this is the address of the account for emergencies."""
    force = force_settings()
    return force is not None and email.upper() == force.break_glass_email.upper()


def is_break_glass(officer: Officer) -> bool:
    """Return whether this administrator may sign in with a password when the force's sign-in is down.

    Someone who has a force account is refused, so that nobody gets a second way in by taking the address.
    """
    if not officer.is_staff or not is_break_glass_email(officer.email):
        return False
    return not SocialAccount.objects.filter(user=officer).exists()


def may_use_password(officer: Officer) -> bool:
    """Return whether a password is of any use to this person."""
    return force_settings() is None or is_break_glass(officer)


def has_password_of_use(officer: Officer) -> bool:
    return officer.has_usable_password() and may_use_password(officer)


def has_way_in(officer: Officer) -> bool:
    """Return whether this person needs no invitation: they have a password of use, or a force account."""
    force = force_settings()
    if force is not None and SocialAccount.objects.filter(user=officer, provider=force.issuer).exists():
        return True
    return has_password_of_use(officer)


def may_enter(officer: Officer, steps: Collection[str]) -> bool:
    """Return whether these steps are enough. It is the last check, whichever page the steps were taken on."""
    if force_settings() is None or BY_FORCE in steps:
        return True
    return is_break_glass(officer) and Authenticator.Type.WEBAUTHN in steps


def can_break_glass(officer: Officer | None) -> bool:
    """Return whether to check the password that was entered for this account: not without a passkey to go with it."""
    if officer is None or not is_break_glass(officer):
        return False
    return Authenticator.objects.filter(user=officer, type=Authenticator.Type.WEBAUTHN).exists()
