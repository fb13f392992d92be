"""Keys that are too weak to protect anything: too short, copied from an example, or not random."""

import itertools

from django.core.exceptions import ImproperlyConfigured

from walkandtalk.lib.encryption import KEY_BYTES, read_key

MAKE_FIELD_KEY = "python3 -c \"import base64, os; print('1:' + base64.b64encode(os.urandom(32)).decode())\""
MAKE_SECRET = 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'  # noqa: S105  # how to make one
LEAST_DIFFERENT_BYTES = KEY_BYTES // 2
"""32 random bytes have about 30 different ones, and fewer than 16 about once in 10^14 keys."""
LEAST_DIFFERENT_CHARACTERS = 10
EXAMPLE_WORDS = ("change", "default", "example", "insecure", "password", "placeholder", "secret", "walkandtalk")


def faults_of_field_keys(name: str, entries: list[str]) -> list[str]:
    """Return what to put right in a list of id:key. No sentence repeats an entry, which may be most of a key."""
    read = [_read(entry) for entry in entries]
    faults = [
        f"Write key {place} of {name} as id:key, where the key is 32 bytes in base64. To make one: {MAKE_FIELD_KEY}"
        for place, key in enumerate(read, start=1)
        if key is None
    ]
    faults += [
        f"Replace key {place} of {name}, which is not random. To make one: {MAKE_FIELD_KEY}"
        for place, key in enumerate(read, start=1)
        if key is not None and is_junk(key[1])
    ]
    ids = [key[0] for key in read if key is not None]
    if len(set(ids)) < len(ids):
        faults.append(f"Give each key of {name} an id of its own.")
    return faults


def faults_of_secret(name: str, value: str, *, least: int) -> list[str]:
    """Return what to put right in a secret text, such as SECRET_KEY, which needs at least so many characters."""
    if len(value) < least:
        return [f"Make {name} at least {least} characters long. To make one: {MAKE_SECRET}"]
    words = [word for word in EXAMPLE_WORDS if word in value.lower()]
    if words or len(set(value)) < LEAST_DIFFERENT_CHARACTERS:
        return [f"Replace {name}, which is an example or not random. To make one: {MAKE_SECRET}"]
    return []


def is_junk(key: bytes) -> bool:
    """Return whether the key repeats itself or counts up or down, as no random key does."""
    steps = {(later - earlier) % 256 for earlier, later in itertools.pairwise(key)}
    return len(set(key)) < LEAST_DIFFERENT_BYTES or len(steps) == 1


def _read(entry: str) -> tuple[bytes, bytes] | None:
    try:
        return read_key(entry)
    except ImproperlyConfigured:
        return None
