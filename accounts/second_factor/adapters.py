"""How django-allauth keeps second factors here: encrypted, with our names and our drawing of the QR code."""

import base64
from io import BytesIO

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.second_factor.passkeys import NOT_ACCEPTED, relying_party
from walkandtalk.lib.encryption import decrypt, encrypt

PLACE = "mfa_authenticator.data"


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": NOT_ACCEPTED}

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text, place=PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text), place=PLACE)

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as SVG without a style of its own, which our Content-Security-Policy would refuse."""
        drawing = BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", xmldecl=False, svgns=False, omitsize=True)
        return drawing.getvalue().decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return f"Passkey {number}"

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        """Return what a person's device shows of the account. The handle names nobody."""
        entity: dict[str, object] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.get_username()}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return relying_party()
