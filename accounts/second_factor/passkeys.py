"""Passkeys: where they are valid, and which answers of a device we believe.

django-allauth checks the challenge, the address of the page only in production, and the signature. It doesn't ask every
form whether the device has checked the person, and it keeps no count of a key's signatures. We do all three.
"""

from typing import Any, cast
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from fido2.webauthn import AuthenticationResponse, AuthenticatorData, CollectedClientData, RegistrationResponse

from boroughs.models.officers import Officer

NOT_ACCEPTED = "Try again. Your passkey was not accepted."
UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
SIGN_COUNT = "sign_count"


def relying_party() -> dict[str, str]:
    """Return the service as a device knows it. A passkey works on this host alone, so no copy of the page gets one."""
    return {"id": urlsplit(settings.PUBLIC_URL).hostname or "", "name": settings.MFA_TOTP_ISSUER}


def refuse(code: str = "not_accepted") -> ValidationError:
    return ValidationError(NOT_ACCEPTED, code=code)


def read_new_passkey(answer: Any) -> RegistrationResponse:
    """Return the answer of a device. Raise ValidationError if it can't be read; nobody has tried anything then."""
    try:
        return cast(RegistrationResponse, RegistrationResponse.from_dict(answer))
    except UNREADABLE as error:
        raise refuse("unreadable") from error


def read_answer(answer: Any) -> AuthenticationResponse:
    """Return the answer of a device, as `read_new_passkey` does."""
    try:
        return cast(AuthenticationResponse, AuthenticationResponse.from_dict(answer))
    except UNREADABLE as error:
        raise refuse("unreadable") from error


def find_claimed_account(answer: Any) -> Officer | None:
    """Return whose passkey this claims to be, before anything is proved."""
    try:
        return cast(Officer, extract_user_from_response(answer))
    except (*UNREADABLE, ValidationError):
        return None


def check_place_and_person(client_data: CollectedClientData, device: AuthenticatorData) -> None:
    """Raise ValidationError unless this is from a page of ours and the device has checked the person."""
    ours = urlsplit(settings.PUBLIC_URL)
    if client_data.origin != f"{ours.scheme}://{ours.netloc}" or client_data.cross_origin:
        raise refuse()
    if not device.is_user_verified():
        raise refuse()


@transaction.atomic
def note_sign_count(passkey: Authenticator, count: int) -> bool:
    """Keep the key's count of its signatures. Return false if it has not grown: there may be a copy of the key.

    Return false too if the passkey has just been removed.
    Passkeys that a person's devices share don't count, and always say 0.
    """
    row = Authenticator.objects.select_for_update(no_key=True).filter(pk=passkey.pk).first()
    if row is None:
        return False
    last = row.data.get(SIGN_COUNT, row.wrap().authenticator_data.counter)
    if count == last == 0:
        return True
    if count <= last:
        return False
    row.data[SIGN_COUNT] = count
    row.save(update_fields=["data"])
    return True
