"""What happens to what she says, in words that an administrator looks after (docs/rules.md#statements)."""

import datetime
from dataclasses import dataclass
from functools import cache
from typing import cast

from django.core.cache import cache as kept

from boroughs.help_contacts import help_contacts_by_purpose
from boroughs.models.texts import HelpContact, Statement
from boroughs.reference import rows

CACHE_SECONDS = 60
KEY = "statements"
NUMBER = "{number}"


@dataclass(frozen=True)
class Statements:
    """By code, in the order of `Statement.Code`. `checked` is the day of the oldest check, if each was checked."""

    texts: dict[str, str]
    checked: datetime.date | None

    @property
    def what_happens(self) -> list[tuple[str, str]]:
        """What becomes of what she says, by code. What officers wear is said where officers are."""
        return [(code, text) for code, text in self.texts.items() if text and code != Statement.Code.UNIFORM]

    def text(self, *codes: str) -> str:
        """Those of these that say something, one after the other."""
        return " ".join(text for code in codes if (text := self.texts.get(code, "")))


def statements() -> Statements:
    """As they stand, or stood a minute ago: they are on pages that may ask the database little."""
    return cast(Statements, kept.get_or_set(KEY, _read, CACHE_SECONDS))


def _read() -> Statements:
    """A row that is missing says what it says in the beginning: an empty table must not silence a duty.

    The number for complaints is that of the help contacts, where somebody checks it.
    """
    number = help_contacts_by_purpose()[HelpContact.Purpose.COMPLAIN].number
    saved = {row.code: row for row in Statement.objects.all()}
    days = [saved[code].last_checked if code in saved else None for code in Statement.Code.values]
    texts = {code: saved[code].text if code in saved else _initial_texts()[code] for code in Statement.Code.values}
    return Statements(
        texts={code: text.replace(NUMBER, number) for code, text in texts.items()},
        checked=None if None in days else min(day for day in days if day),
    )


@cache
def _initial_texts() -> dict[str, str]:
    return {row["code"]: row["text"] for row in rows("statements.csv")}
