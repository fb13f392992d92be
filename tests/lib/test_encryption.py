import base64
import os

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.support.encryption_keys import make_field_key
from walkandtalk.lib.encryption import DecryptionError, decrypt, encrypt

PLACE = "bookings_bookingcontact.name.5b3c1f0e-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.FIELD_KEYS = [make_field_key("first")]


@pytest.mark.parametrize("text", ["", "Ada", "Zoë 🙂 שלום", "x" * 100_000, "a\x00b"])
def test_decrypt_returns_the_encrypted_text(text):
    sealed = encrypt(text, place=PLACE)

    assert decrypt(sealed, place=PLACE) == text


def test_encrypt_never_gives_the_same_bytes_twice():
    first, second = encrypt("Ada", place=PLACE), encrypt("Ada", place=PLACE)

    assert first != second


def test_encrypt_hides_the_text():
    sealed = encrypt("canary-7431", place=PLACE)

    assert b"canary" not in sealed


def test_decrypt_refuses_a_change_to_any_byte():
    sealed = encrypt("Ada", place=PLACE)

    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(DecryptionError):
            decrypt(bytes(changed), place=PLACE)


@pytest.mark.parametrize("length", range(48))
def test_decrypt_refuses_a_truncated_value(length):
    sealed = encrypt("Ada, from the library", place=PLACE)

    with pytest.raises(DecryptionError):
        decrypt(sealed[:length], place=PLACE)


def test_decrypt_refuses_another_place():
    sealed = encrypt("Ada", place=PLACE)

    with pytest.raises(DecryptionError):
        decrypt(sealed, place=PLACE[:-1] + "2")


def test_decrypt_opens_with_an_older_key(settings):
    sealed = encrypt("Ada", place=PLACE)

    settings.FIELD_KEYS = [make_field_key("second"), *settings.FIELD_KEYS]

    assert decrypt(sealed, place=PLACE) == "Ada"


def test_encrypt_uses_the_first_key(settings):
    older = settings.FIELD_KEYS
    settings.FIELD_KEYS = [make_field_key("second"), *older]
    sealed = encrypt("Ada", place=PLACE)

    settings.FIELD_KEYS = older

    with pytest.raises(DecryptionError, match="not in FIELD_KEYS"):
        decrypt(sealed, place=PLACE)


def test_decrypt_refuses_another_key_with_the_same_id(settings):
    sealed = encrypt("Ada", place=PLACE)

    settings.FIELD_KEYS = [make_field_key("first")]

    with pytest.raises(DecryptionError):
        decrypt(sealed, place=PLACE)


def test_keys_may_be_written_in_urlsafe_base64(settings):
    key = bytes([251, 255] * 16)
    settings.FIELD_KEYS = [f"a:{base64.urlsafe_b64encode(key).decode()}"]
    sealed = encrypt("Ada", place=PLACE)

    settings.FIELD_KEYS = [f"a:{base64.b64encode(key).decode()}"]

    assert decrypt(sealed, place=PLACE) == "Ada"


@pytest.mark.parametrize(
    "keys",
    [
        [],
        ["no-colon"],
        ["a:not base64!"],
        ["a:" + base64.b64encode(os.urandom(16)).decode()],
        [":" + base64.b64encode(os.urandom(32)).decode()],
    ],
)
def test_encrypt_refuses_unusable_keys_without_repeating_them(settings, keys):
    settings.FIELD_KEYS = keys

    with pytest.raises(ImproperlyConfigured) as raised:
        encrypt("Ada", place=PLACE)

    assert not any(key in str(raised.value) for key in keys)
