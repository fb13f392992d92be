"""The secret of an authenticator app that is being set up: encrypted in the session until the first right code."""

import base64

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.http import HttpRequest

from boroughs.models.officers import Officer
from walkandtalk.lib.encryption import decrypt, encrypt

SESSION_KEY = "new_app_secret"


def new_app_secret(request: HttpRequest, officer: Officer) -> str:
    """Return the secret that the page shows. It stays the same if the page is opened again."""
    sealed = request.session.get(SESSION_KEY)
    if sealed is not None:
        return decrypt(base64.b64decode(sealed), place=_place(officer))
    secret: str = generate_totp_secret()
    request.session[SESSION_KEY] = base64.b64encode(encrypt(secret, place=_place(officer))).decode()
    return secret


def forget_app_secret(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def _place(officer: Officer) -> str:
    return f"session.new_app_secret.{officer.pk}"
