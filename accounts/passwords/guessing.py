"""How many guesses a password withstands from someone who knows what people choose (docs/decisions/passwords.md).

The word lists and the arithmetic are zxcvbn's. We don't call its own entry point: some passwords of 72 characters take
it seconds, and it keeps one person's words in a table that all threads share.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from zxcvbn import matching, scoring

LONGEST_READ = 64
"""The number of characters that are judged. The time this takes grows faster than with their square."""
ENOUGH_GUESSES = 10**8
"""From here zxcvbn calls a password "safely unguessable". Three separate words of its lists are always enough."""
ENOUGH_GUESSES_OF_PARTS = 10**7
"""The same without the 10,000 guesses that zxcvbn adds for each further part, so that common words don't add up."""
GUESSES_OF_A_CHARACTER = 10
YEAR = re.compile(r"19\d\d|20[0-4]\d")


def _find_years(text: str) -> list[dict[str, Any]]:
    """Return the years in the text, as zxcvbn's own finder does for those until 2019. People often end with one."""
    return [
        {"pattern": "regex", "regex_name": "recent_year", "token": found[0], "regex_match": found}
        | {"i": found.start(), "j": found.end() - 1}
        for found in YEAR.finditer(text)
    ]


FINDERS = (
    matching.dictionary_match,
    matching.reverse_dictionary_match,
    matching.spatial_match,
    matching.sequence_match,
    matching.date_match,
    _find_years,
)
SEPARATOR = re.compile(r"[\s\-_.,!&+'’]")
LOOKALIKE = re.compile(r"(?<!\d)[0134578@$!|]{1,2}(?!\d)")
LETTERS = str.maketrans("0134578@$!|", "oieastbasil")
REPEAT = re.compile(r"(.+?)\1+", re.DOTALL)


def is_easy_to_guess(readings: Iterable[str], *, separators: int = 0) -> bool:
    """Return whether someone soon tries one of these readings, or one of them with each repeat once.

    A password has the same separator everywhere for free. Each further kind of separator makes it ten times harder.
    """
    easier = 10 ** max(separators - 1, 0)
    texts = set(readings)
    return any(_is_easy(text, easier) for text in texts | {_without_repeats(text) for text in texts})


def plain(text: str) -> str:
    """Return the text in lower case, without accents and separators: "Zoë's Walk" becomes "zoeswalk"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return SEPARATOR.sub("", "".join(each for each in decomposed if not unicodedata.combining(each)))


def spellings(text: str) -> set[str]:
    """Return the text as `plain` writes it, also with letters for lookalikes: "p@ssw0rd" becomes "password"."""
    return {plain(text), plain(LOOKALIKE.sub(lambda found: found[0].translate(LETTERS), text))}


def count_separators(text: str) -> int:
    """Return how many kinds of separators the text has."""
    return len(set(SEPARATOR.findall(text)))


def _without_repeats(text: str) -> str:
    """Return the text with each repeat once: "abcabcabc" becomes "abc", and "111222" becomes "12"."""
    return REPEAT.sub(r"\1", text[:LONGEST_READ])


def _is_easy(text: str, easier: int) -> bool:
    read = text[:LONGEST_READ]
    if not read:
        return True
    matches = [match for find in FINDERS for match in find(read)]
    guesses = scoring.most_guessable_match_sequence(read, matches)["guesses"]
    return guesses < ENOUGH_GUESSES // easier or _guesses_of_parts(read, matches) < ENOUGH_GUESSES_OF_PARTS // easier


def _guesses_of_parts(text: str, matches: Iterable[dict[str, Any]]) -> int:
    """Return how many guesses it takes if someone tries the most common parts together, such as three words."""
    fewest = [1]
    for end in range(len(text)):
        with_part = [fewest[each["i"]] * scoring.estimate_guesses(each, text) for each in matches if each["j"] == end]
        fewest.append(min([fewest[end] * GUESSES_OF_A_CHARACTER, *with_part]))
    return int(fewest[-1])
