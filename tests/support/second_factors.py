"""Second factors of people in tests, made without a browser."""

import json
import re
import time

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.webauthn.internal.auth import WebAuthn
from fido2.utils import websafe_encode

from tests.support.soft_passkey import SoftPasskey

KEY = re.compile(r'class="secret-key">([A-Z2-7 ]+)<')


def add_factors(officer):
    """Give this person a passkey, an app and recovery codes. Return the rows of the first two."""
    return add_passkey(officer)[0], add_app(officer)[0]


def add_passkey(officer, name="Work phone"):
    """Return the row and the device."""
    device = SoftPasskey()
    handle = websafe_encode(user_pk_to_url_str(officer).encode())
    answer = device.create({"user": {"id": handle}, "challenge": websafe_encode(b"never checked here")})
    RecoveryCodes.activate(officer)
    return WebAuthn.add(officer, name, json.loads(answer)).instance, device


def add_app(officer):
    """Return the row and the secret."""
    secret = generate_totp_secret()
    RecoveryCodes.activate(officer)
    return TOTP.activate(officer, secret).instance, secret


def code_of(secret, *, steps=0):
    """Return the code that the app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def key_on(page):
    """Return the key that a page shows for an app to be set up with."""
    return KEY.search(page.text)[1].replace(" ", "")


def recovery_codes_of(officer):
    return Authenticator.objects.get(user=officer, type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
