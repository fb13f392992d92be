"""Words that someone who knows our staff, the police or this service would try first (docs/decisions/passwords.md)."""

import re
from collections.abc import Collection

from accounts.passwords.guessing import plain
from boroughs.models.officers import Officer
from boroughs.reference import borough_names, units

SHORTEST = 3
SERVICE = ("walk and talk", "walk", "walks", "walking", "talk", "talks", "talking")
FORCE = (
    *("Metropolitan Police Service", "metropolitan", "Met", "police", "policing", "policeman", "policewoman"),
    *("New Scotland Yard", "Scotland Yard", "Borough Command Unit", "BCU", "PCSO", "neighbourhood", "London"),
    *("constable", "sergeant", "inspector", "superintendent", "commander", "commissioner", "officer", "officers"),
    *("administrator", "admin", "auditor", "copper", "warrant"),
)


def known_words(user: object = None) -> set[str]:
    """Return the words of the force, of this service and of the person, as `plain` writes them."""
    words = [*SERVICE, *FORCE, *_places(), *(_words_about(user) if isinstance(user, Officer) else ())]
    return {word for word in map(plain, words) if len(word) >= SHORTEST}


def without_words(spelling: str, words: Collection[str]) -> str:
    """Return what is left of the spelling without these words, of which the longer go first."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), "", spelling)


def _places() -> list[str]:
    """Return boroughs and BCUs, with each half of "Kensington and Chelsea"."""
    names = [*borough_names().values(), *(unit.name for unit in units())]
    return names + [half for name in names for half in re.split(r" and | upon ", name)]


def _words_about(officer: Officer) -> list[str]:
    parts = re.findall(r"[^\W_]+", f"{officer.name} {officer.email}")
    return [officer.shoulder_number, officer.name, officer.email, *parts]
