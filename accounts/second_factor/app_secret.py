"""The secret of an authenticator app that is being set up: encrypted in the session until the first right code."""

import base64
import time

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.http import HttpRequest

from boroughs.models.officers import Officer
from walkandtalk.lib.encryption import decrypt, encrypt

SESSION_KEY = "new_app_secret"
LIFETIME = 10 * 60  # seconds


def new_app_secret(request: HttpRequest, officer: Officer) -> str:
    """Return a new secret to show. Whoever saw an earlier one, over a shoulder, has nothing."""
    secret: str = generate_totp_secret()
    sealed = base64.b64encode(encrypt(secret, place=_place(officer))).decode()
    request.session[SESSION_KEY] = [sealed, int(time.time())]
    return secret


def shown_app_secret(request: HttpRequest, officer: Officer) -> str | None:
    """Return the secret that was shown last, or None after ten minutes."""
    sealed, shown_at = request.session.get(SESSION_KEY, ("", 0))
    if time.time() - shown_at > LIFETIME:
        return None
    return decrypt(base64.b64decode(sealed), place=_place(officer))


def forget_app_secret(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def _place(officer: Officer) -> str:
    return f"session.new_app_secret.{officer.pk}"
