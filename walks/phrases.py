"""Phrases by which officers and requester recognise each other: short words, easy to hear, sign, lipread and recall."""

import hmac
import secrets
from collections.abc import Iterable

from walkandtalk.lib.words import folded_words

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


NO_PHRASE = "no phrase"


def fold_phrase(text: str) -> str:
    """Return the letters alone: "Green-Lantern!" and "green  lantern" are the same words, and so is "greenlantern"."""
    return "".join(folded_words(text))


def which_match(words: str, phrases: Iterable[str]) -> list[bool]:
    """Return for each phrase whether these are its words.

    All are compared, in constant time, and without any there is one comparison all the same.
    """
    typed = fold_phrase(words).encode()
    matches = [hmac.compare_digest(typed, fold_phrase(phrase).encode()) for phrase in phrases]
    if not matches:
        hmac.compare_digest(typed, fold_phrase(NO_PHRASE).encode())
    return matches
