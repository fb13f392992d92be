"""AES-256-GCM encryption of single values, each bound to the place where it is stored.

A sealed value consists of the version (1 byte), the length of the key id (1 byte), the key id, the nonce (12 bytes) and
the ciphertext with its tag. The header and the place (table, column and row) are authenticated too, so a value that was
changed, or moved to another row or column, raises an error.
"""

import base64
import binascii
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12


class DecryptionError(Exception):
    """A stored value cannot be read: it was changed or moved, or sealed with a key that we don't have."""


def encrypt(text: str, *, place: str) -> bytes:
    """Seal the text for one place ("table.column.pk") with the first of settings.FIELD_KEYS."""
    header = current_header()
    key = _keyring()[header[2:]]
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(key).encrypt(nonce, text.encode(), header + place.encode())


def decrypt(sealed: bytes, *, place: str) -> str:
    """Open a value that was sealed for this place with any of our keys."""
    header, nonce, ciphertext = _split(sealed)
    key = _keyring().get(header[2:])
    if key is None:
        raise DecryptionError(f"The value at {place} was sealed with a key that is not in FIELD_KEYS.")
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, header + place.encode()).decode()
    except (InvalidTag, ValueError):
        raise DecryptionError(f"The value at {place} was changed, or belongs somewhere else.") from None


def current_header() -> bytes:
    """Return the bytes with which every value begins that the first key has sealed."""
    key_id = next(iter(_keyring()))
    return bytes([VERSION, len(key_id)]) + key_id


def key_ids() -> list[str]:
    """Return the ids in FIELD_KEYS, in order."""
    return [key_id.decode() for key_id in _keyring()]


def key_id_of(sealed: bytes) -> str:
    return _split(sealed)[0][2:].decode(errors="replace")


def seal_again(sealed: bytes, *, place: str) -> bytes:
    """Return the value sealed with the first key, for the same place. A value that is so already stays as it is."""
    return sealed if sealed.startswith(current_header()) else encrypt(decrypt(sealed, place=place), place=place)


def _split(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    if len(sealed) < 2 or sealed[0] != VERSION:
        raise DecryptionError("The value was not sealed by us.")
    end = 2 + sealed[1]
    return sealed[:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]


def _keyring() -> dict[bytes, bytes]:
    return _read_keys(tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=4)
def _read_keys(entries: tuple[str, ...]) -> dict[bytes, bytes]:
    """Return the keys by id, in the given order. The first one seals; any of them opens."""
    if not entries:
        raise ImproperlyConfigured("FIELD_KEYS is empty: give at least one id:base64key.")
    return dict(read_key(entry) for entry in entries)


def read_key(entry: str) -> tuple[bytes, bytes]:
    """Return the id and the key of an entry in FIELD_KEYS."""
    key_id, _, encoded = entry.partition(":")
    try:
        key = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES or not 1 <= len(key_id.encode()) <= 255:
        # Never repeat the entry itself, because it may be most of a key.
        raise ImproperlyConfigured("Each entry in FIELD_KEYS must be id:key, where the key is 32 bytes in base64.")
    return key_id.encode(), key
