"""Columns with keyed hashes, which say what they are a hash of, so that `rotate_keys` can make them again.

In migrations they are Django's own fields.
"""

import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from walkandtalk.lib import tokens
from walkandtalk.lib.keys.index_keys import HASH_LENGTH, MARK_LENGTH, IndexKey, current_key, index_keys, key_of
from walkandtalk.lib.reading import untracked

IfOther = Literal["keep", "replace", "make again"]

if TYPE_CHECKING:
    CharField = models.CharField[str, str]
    NumbersField = ArrayField[list[int], list[int]]
else:
    CharField = models.CharField
    NumbersField = ArrayField


def hashed_with_another_key(column: str) -> Q:
    return Q(**{f"{column}__gt": ""}) & ~Q(**{f"{column}__startswith": current_key().mark})


def second_hmac(address: str) -> str:
    """Return the hash of an address with the second key, or "" if there is only one key or no address."""
    return next((tokens.index_hmac(address, key=key) for key in index_keys()[1:]), "") if address else ""


class KeyedHashField(CharField):
    """A hash of the text at `of`, a path from the row: "email", or "booking.contact.email".

    `if_other` says what happens to a hash that is not of this text (any more). Without `of`, nobody but the person has
    what was hashed, and the older key is needed until `lasts` after the time in the column `since`.
    """

    def __init__(
        self,
        *args: Any,
        purpose: Literal["index", "token", "pin"] = "index",
        of: str = "",
        if_other: IfOther = "make again",
        is_second: bool = False,
        since: str = "",
        lasts: datetime.timedelta = datetime.timedelta(0),
        **kwargs: Any,
    ) -> None:
        self.purpose = purpose
        self.of = of
        self.if_other = if_other
        self.is_second = is_second
        self.since = since
        self.lasts = lasts
        super().__init__(*args, **{"max_length": HASH_LENGTH, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    @property
    def related_row(self) -> str:
        """The row with the text, as `select_related` takes it. Empty if it is this row."""
        return "__".join(self.of.split(".")[:-1])

    def made_again(self, row: models.Model) -> str:
        """Return what this row should hold, made with the first key wherever that is possible."""
        stored = str(getattr(row, self.attname))
        with untracked():
            text = str(attrgetter(self.of)(row))
        if self.is_second:
            return second_hmac(text)
        if self.if_other == "make again":
            return self._hash(text) if text else ""
        key = key_of(stored)
        if key is not None and self._hash(text, key) == stored:
            return self._hash(text)
        return f"{current_key().mark}{stored[MARK_LENGTH:]}" if self.if_other == "replace" and stored else stored

    def _hash(self, text: str, key: IndexKey | None = None) -> str:
        return tokens.token_hmac(text, key=key) if self.purpose == "token" else tokens.index_hmac(text, key=key)


class SearchKeysField(NumbersField):
    """The numbers by which a search finds the words of the text in the field `of`. `made_by` makes them."""

    def __init__(self, *args: Any, of: str = "", made_by: Any = None, **kwargs: Any) -> None:
        self.of = of
        self.made_by = made_by
        number = models.PositiveIntegerField()
        super().__init__(*args, **{"base_field": number, "default": list, "blank": True, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", args, kwargs

    def made_again(self, row: models.Model) -> list[int]:
        with untracked():
            numbers: list[int] = self.made_by(getattr(row, self.of))
        return numbers
