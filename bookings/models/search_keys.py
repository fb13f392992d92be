"""The numbers by which a search finds a requester's first name and her place (docs/decisions/search.md)."""

from walkandtalk.lib import tokens
from walkandtalk.lib.words import folded_words

TITLES = frozenset({"miss", "mrs", "ms", "mr", "mx", "dr"})
UNSAID = frozenset({"the", "a", "at", "by", "in", "on", "of", "to", "near", "from"})
"""Words of a place that say nothing of it."""


def first_name_in(text: str) -> str:
    """Return the first name, folded. A surname is neither kept nor found."""
    return next((word for word in folded_words(text) if word not in TITLES), "")


def place_words_in(text: str) -> set[str]:
    return {word for word in folded_words(text) if word not in UNSAID}


def name_keys(name: str) -> list[int]:
    return _keys("name", {first_name_in(name)} - {""})


def place_keys(place: str) -> list[int]:
    return _keys("place", place_words_in(place))


def _keys(purpose: str, words: set[str]) -> list[int]:
    return sorted({tokens.search_key(purpose, word) for word in words})
