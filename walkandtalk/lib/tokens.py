"""References that people read out, tokens in links, and the hashes that find them in the database.

All keys come from `INDEX_KEY` and never from `SECRET_KEY`. Changing `SECRET_KEY` signs people out, but must not make a
requester lose her PIN or an inspector the marks for repeat requests.
"""

import hashlib
import hmac
import secrets
from uuid import UUID

from walkandtalk.lib.keys.index_keys import IndexKey, current_key, index_keys, key_of

# 32 characters, so 13 of them give 65 bits. Without I, L, O and U, which people misread or mishear.
REFERENCE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 13

_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_TOKEN_BYTES = 32


def new_reference() -> str:
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))


def format_reference(reference: str) -> str:
    """Return the reference in three groups, as people see it and read it out: "K7QX-M2PD-9TRWE"."""
    return f"{reference[:4]}-{reference[4:8]}-{reference[8:]}"


def normalise_reference(text: str) -> str:
    """Return the reference as stored, whatever its case, spaces and dashes, or "" if it can't be one."""
    part = normalise_part(text)
    return part if len(part) == REFERENCE_LENGTH else ""


def normalise_part(text: str) -> str:
    """Return a part of a reference as stored, or "" if no reference can contain it."""
    part = "".join(c for c in text.upper() if c.isascii() and c.isalnum()).translate(_READ_AS)
    return part if len(part) <= REFERENCE_LENGTH and set(part) <= set(REFERENCE_ALPHABET) else ""


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return a hash to look the token up by. A plain one is safe, because a token has 256 random bits."""
    return hashlib.sha256(_bytes(token)).hexdigest()


def token_hmac(token: str, *, key: IndexKey | None = None) -> str:
    """Return a keyed hash to look the token up by. Without the key, nobody who writes to the database makes a link."""
    return (key or current_key()).hash("token", _bytes(token))


def token_hmacs(token: str) -> list[str]:
    """Return the hash of each key, by which the token is found whichever key was the first when it was saved."""
    return [token_hmac(token, key=key) for key in index_keys()]


def pin_hmac(pepper_uuid: UUID, pin: str, *, key: IndexKey | None = None) -> str:
    """Return the PIN's HMAC. With a million PINs a slow hash protects nothing; a key outside the database does."""
    return (key or current_key()).hash("pin", pepper_uuid.bytes + _bytes(pin))


def pin_matches(pepper_uuid: UUID, pin: str, stored: str) -> bool:
    """Check a PIN in the same time whether or not one is set."""
    return hmac.compare_digest(_bytes(pin_hmac(pepper_uuid, pin, key=key_of(stored))), _bytes(stored))


def find_pin(pepper_uuid: UUID, stored: str) -> str | None:
    """Return the PIN by trying all of them, or None if its key is not in `INDEX_KEY`."""
    key, pepper = key_of(stored), pepper_uuid.bytes
    every = (pepper + b"%06d" % number for number in range(1_000_000))
    found = key.find(stored, "pin", every) if key else None
    return None if found is None else found.removeprefix(pepper).decode()


def index_hmac(text: str, *, key: IndexKey | None = None) -> str:
    """Return the HMAC by which an encrypted email address is found."""
    return (key or current_key()).hash("index", _bytes(text.strip().lower()))


def index_hmacs(text: str) -> list[str]:
    """Return the HMAC of each key. An address is the same if any of them is stored."""
    return [index_hmac(text, key=key) for key in index_keys()]


def short_hmac(text: str) -> str:
    """Return 16 digits that tell addresses of one booking apart in the key of a message. Nothing looks them up."""
    return index_hmac(text)[-16:]


def search_key(purpose: str, word: str, *, key: IndexKey | None = None) -> int:
    """Return the number by which a word of an encrypted text is found. About one word in `SEARCH_KEYS` shares it.

    It only narrows a search down, and the text itself decides (docs/decisions/search.md).
    """
    return (key or current_key()).number(f"search {purpose}", _bytes(word))


def _bytes(text: str) -> bytes:
    # A lone surrogate in a form must lead to "not found", not to an error.
    return text.encode("utf-8", "surrogatepass")
