"""The keys of `INDEX_KEY`. The first one writes keyed hashes, and all of them find what was written.

Each hash begins with the mark of its key. So the database says which rows still need an older key (docs/keys.md).
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

HASH_LENGTH = 64
MARK_LENGTH = 8
SEARCH_KEYS = 256
"""So few that each stands for many words: who reads the database without the key learns little from one."""


@dataclass(frozen=True)
class IndexKey:
    secret: str

    @cached_property
    def mark(self) -> str:
        """Eight digits by which a stored hash names its key. They say nothing of the key itself."""
        return _digest(self, "mark", b"")[:MARK_LENGTH]

    @cached_property
    def number_mark(self) -> int:
        """The same as a number of 23 bits, which leaves 8 of an integer for the search key."""
        return int(self.mark[:6], 16) >> 1

    def hash(self, purpose: str, message: bytes) -> str:
        """Return the mark and 224 bits of the HMAC, as 64 hexadecimal digits."""
        return (self.mark + _digest(self, purpose, message))[:HASH_LENGTH]

    def find(self, stored: str, purpose: str, messages: Iterable[bytes]) -> bytes | None:
        """Return the message of which this is the hash.

        For a million messages: it begins each HMAC where the key has been read, three times as fast as `hmac.digest`.
        """
        wanted = bytes.fromhex(stored)[MARK_LENGTH // 2 :]
        inner, outer = (sha256(bytes(byte ^ pad for byte in self._block(purpose))) for pad in (0x36, 0x5C))
        for message in messages:
            within, around = inner.copy(), outer.copy()
            within.update(message)
            around.update(within.digest())
            if around.digest()[: len(wanted)] == wanted:
                return message
        return None

    def _block(self, purpose: str) -> bytes:
        return _derived(self.secret, purpose).ljust(64, b"\0")

    def number(self, purpose: str, message: bytes) -> int:
        """Return one of `SEARCH_KEYS` numbers of this key."""
        return self.number_mark * SEARCH_KEYS + int(_digest(self, purpose, message), 16) % SEARCH_KEYS


def index_keys() -> tuple[IndexKey, ...]:
    return read_index_keys(settings.INDEX_KEY)


def current_key() -> IndexKey:
    return index_keys()[0]


def key_of(stored: str) -> IndexKey | None:
    """Return the key that made this hash, or None if it is not in `INDEX_KEY`."""
    return next((key for key in index_keys() if stored.startswith(key.mark)), None)


@lru_cache(maxsize=4)
def read_index_keys(setting: str) -> tuple[IndexKey, ...]:
    """Return the keys of the setting, the one that writes first. Raise ImproperlyConfigured if it can't be used."""
    keys = tuple(IndexKey(secret.strip()) for secret in setting.split(","))
    if not all(key.secret for key in keys) or len(keys) > 2:
        raise ImproperlyConfigured("INDEX_KEY must be one key, or two with a comma between them.")
    if len({key.number_mark for key in keys}) < len(keys):
        raise ImproperlyConfigured("INDEX_KEY has the same key twice, or two that can’t be told apart. Make a new one.")
    return keys


def _digest(key: IndexKey, purpose: str, message: bytes) -> str:
    return hmac.digest(_derived(key.secret, purpose), message, "sha256").hex()


@lru_cache(maxsize=64)
def _derived(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), f"walkandtalk {purpose}".encode(), "sha256")
