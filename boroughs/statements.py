"""Statements about what happens to what a woman says, as administrators word them (docs/rules.md#statements)."""

import datetime
from dataclasses import dataclass
from functools import cache
from typing import cast

from boroughs.help_contacts import help_contacts_by_purpose
from boroughs.models.texts import HelpContact, Statement
from boroughs.reference import rows
from walkandtalk.lib.local_cache import local_cache

CACHE_SECONDS = 60
KEY = "statements"
NUMBER = "{number}"


@dataclass(frozen=True)
class Statements:
    """Texts by code, in the order of `Statement.Code`. `checked` is the oldest check, or None if a text has none.

    `changed` has the codes of texts that are no longer the initial ones.
    """

    texts: dict[str, str]
    checked: datetime.date | None
    changed: frozenset[str]

    @property
    def what_happens(self) -> list[tuple[str, str]]:
        """The texts that are not empty, by code, except the uniform, which pages show with the officers."""
        return [(code, text) for code, text in self.texts.items() if text and code != Statement.Code.UNIFORM]

    def text(self, *codes: str) -> str:
        """Join the texts with these codes, without the empty texts."""
        return " ".join(text for code in codes if (text := self.texts.get(code, "")))


def statements() -> Statements:
    """Return the statements, at most a minute old, because they are on pages that must make few queries."""
    return cast(Statements, local_cache.get_or_set(KEY, _read, CACHE_SECONDS))


def _read() -> Statements:
    """Read the statements. A missing row has its initial text, so that an empty table never hides a duty.

    The number for complaints comes from the help contacts, where someone checks it.
    """
    number = help_contacts_by_purpose()[HelpContact.Purpose.COMPLAIN].number
    saved = {row.code: row for row in Statement.objects.all()}
    days = [saved[code].checked_on if code in saved else None for code in Statement.Code.values]
    texts = {code: saved[code].text if code in saved else _initial_texts()[code] for code in Statement.Code.values}
    return Statements(
        texts={code: text.replace(NUMBER, number) for code, text in texts.items()},
        checked=None if None in days else min(day for day in days if day),
        changed=frozenset(code for code, text in texts.items() if text != _initial_texts()[code]),
    )


@cache
def _initial_texts() -> dict[str, str]:
    return {row["code"]: row["text"] for row in rows("statements.csv")}
