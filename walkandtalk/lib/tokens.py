"""References people read out, tokens links carry, and the keyed hashes both are looked up by.

All keys come from `INDEX_KEY` and never from `SECRET_KEY`: changing that one signs people out, and
must not lose a woman her PIN or an inspector her repeat flags.
"""

import hashlib
import hmac
import secrets
from uuid import UUID

from django.conf import settings

# 32 characters, so 13 of them are 65 bits. Without I, L, O and U, which are misread or misheard.
REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 13

_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_TOKEN_BYTES = 32


def new_reference() -> str:
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))


def format_reference(reference: str) -> str:
    """Three groups, as it is shown and read out: "K7QX-M2PD-9TRWE"."""
    return f"{reference[:4]}-{reference[4:8]}-{reference[8:]}"


def normalise_reference(text: str) -> str:
    """The reference as stored, whatever the case, spaces and dashes; empty when it cannot be one."""
    kept = "".join(c for c in text.upper() if c.isascii() and c.isalnum()).translate(_READ_AS)
    if len(kept) != REFERENCE_LENGTH or not set(kept) <= set(REFERENCE_ALPHABET):
        return ""
    return kept


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """A token has 256 bits of its own, so a plain hash hides it and may be looked up."""
    return hashlib.sha256(_bytes(token)).hexdigest()


def pin_hmac(pepper_uuid: UUID, pin: str) -> str:
    """A slow hash protects nothing with a million PINs; a key that is not in the database does."""
    return _keyed("pin", pepper_uuid.bytes + _bytes(pin))


def pin_matches(pepper_uuid: UUID, pin: str, stored: str) -> bool:
    """Takes the same time whether or not there is a PIN on file."""
    return hmac.compare_digest(_bytes(pin_hmac(pepper_uuid, pin)), _bytes(stored))


def index_hmac(text: str) -> str:
    """What an encrypted email address is searched by."""
    return _keyed("index", _bytes(text.strip().lower()))


def _keyed(purpose: str, message: bytes) -> str:
    key = hmac.digest(_bytes(settings.INDEX_KEY), _bytes(f"walkandtalk {purpose}"), "sha256")
    return hmac.digest(key, message, "sha256").hex()


def _bytes(text: str) -> bytes:
    # A lone surrogate in a form must lead to "not found", not to an error.
    return text.encode("utf-8", "surrogatepass")
