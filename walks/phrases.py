"""Phrases by which officers and requester recognise each other: short words, easy to hear, sign, lipread and recall."""

import secrets

COLOURS = ("amber", "blue", "copper", "golden", "green", "ivory", "orange", "pink", "purple", "red", "silver", "white")
THINGS = (
    "anchor", "apple", "badger", "basket", "bridge", "button", "candle", "cherry", "falcon", "feather", "garden",
    "hammer", "kettle", "ladder", "lemon", "meadow", "mirror", "otter", "pebble", "pepper", "pillow", "rabbit",
    "river", "saddle", "table", "teapot", "tiger", "violin", "walnut", "window",
)  # fmt: skip


def generate_phrases() -> tuple[str, str]:
    """Return the officers' phrase and the requester's reply, which have no word in common."""
    they = _phrase()
    you = _phrase()
    while set(you.split()) & set(they.split()):
        you = _phrase()
    return they, you


def _phrase() -> str:
    return f"{secrets.choice(COLOURS)} {secrets.choice(THINGS)}"
