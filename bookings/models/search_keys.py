"""The numbers by which a search finds a requester's first name and her place (docs/decisions/search.md)."""

from functools import reduce
from operator import or_

from django.db.models import Q

from walkandtalk.lib import tokens
from walkandtalk.lib.keys.index_keys import IndexKey, index_keys
from walkandtalk.lib.words import folded_words

TITLES = frozenset({"miss", "mrs", "ms", "mr", "mx", "dr"})
UNSAID = frozenset({"the", "a", "at", "by", "in", "on", "of", "to", "near", "from"})
"""Words of a place that say nothing of it."""


def first_name_in(text: str) -> str:
    """Return the first name, folded. A surname is neither kept nor found."""
    return next((word for word in folded_words(text) if word not in TITLES), "")


def place_words_in(text: str) -> set[str]:
    return {word for word in folded_words(text) if word not in UNSAID}


def name_keys(name: str, *, key: IndexKey | None = None) -> list[int]:
    return _keys("name", {first_name_in(name)} - {""}, key)


def place_keys(place: str, *, key: IndexKey | None = None) -> list[int]:
    return _keys("place", place_words_in(place), key)


def have_name(name: str) -> Q:
    """Return a condition for bookings whose first name has the keys of this one, whichever key made them."""
    return reduce(or_, (Q(contact__name_keys__contains=name_keys(name, key=key)) for key in index_keys()))


def have_place(words: str) -> Q:
    return reduce(or_, (Q(contact__place_keys__contains=place_keys(words, key=key)) for key in index_keys()))


def _keys(purpose: str, words: set[str], key: IndexKey | None) -> list[int]:
    return sorted({tokens.search_key(purpose, word, key=key) for word in words})
