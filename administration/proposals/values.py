"""The fields that need two administrators, as a proposal stores them and as people read them."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from administration.models import LABELS
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer, Rank
from partners.models.partners import Partner
from walkandtalk.lib import tokens
from walkandtalk.lib.encryption import decrypt, encrypt

Value = str | int | bool | None
Values = Mapping[str, Value]
Subject = Officer | BoroughCommandUnit | Borough | Partner
SEALED = "sealed:"
SEALED_PLACE = "administration_proposedchange.after.api_key"


def read(row: Subject, names: Iterable[str]) -> dict[str, Value]:
    """Return these fields of the row as a proposal stores them: a BCU and a ward as codes, a person as an id."""
    return {name: _to_value(name, getattr(row, name)) for name in names}


def is_unchanged(row: Subject, before: Values) -> bool:
    """Return whether the row still has these values. The mark of a secret may be one of an older INDEX_KEY."""
    now = read(row, before)
    if now.get("api_key") and before["api_key"] in tokens.token_hmacs(getattr(row, "api_key", "")):
        now["api_key"] = before["api_key"]
    return now == before


def seal(secret: str) -> str:
    """Return a secret as a proposal stores it: encrypted, because others read the table and the message."""
    return SEALED + b64encode(encrypt(secret, place=SEALED_PLACE)).decode() if secret else ""


def fields(values: Values) -> dict[str, Any]:
    """Return what a proposal stores as the fields of a row hold it. One query for each row that is named."""
    return {name: _from_value(name, value) for name, value in values.items()}


def _to_value(name: str, value: object) -> Value:
    if name == "api_key":  # a mark by which we see whether it changed
        return tokens.token_hmac(str(value)) if value else ""
    match value:
        case BoroughCommandUnit():
            return value.code
        case Ward():
            return value.gss
        case Officer():
            return int(value.pk)
        case str() | bool() | None:
            return value
    raise TypeError(value)


def _from_value(name: str, value: Value) -> object:
    if value is None:
        return None
    match name:
        case "bcu":
            return BoroughCommandUnit.objects.get(code=value)
        case "ward":
            return Ward.objects.get(gss=value)
        case "nominated_inspector":
            return Officer.objects.get(pk=value)
        case "api_key":
            sealed = str(value).removeprefix(SEALED)
            return decrypt(b64decode(sealed), place=SEALED_PLACE) if sealed else ""
    return value


@dataclass(frozen=True)
class Line:
    """One changed field, as people read it."""

    label: str
    before: str
    after: str


class Reader:
    """Puts the values of many changes into words, with one query for the names of each kind."""

    def lines(self, before: Values, after: Values, labels: Mapping[str, str] = LABELS) -> list[Line]:
        """Return the changed fields in the order of the labels. Without a value before, those that have one now."""
        return [
            Line(labels[name], self._words(name, before.get(name)) if before else "", self._words(name, after[name]))
            for name in labels
            if name in after and (before.get(name) != after[name] if before else after[name] not in (None, "", False))
        ]

    def _words(self, name: str, value: Value) -> str:
        match name, value:
            case _, None | "":
                return "none"
            case _, bool():
                return "yes" if value else "no"
            case "api_key", _:
                return "a new key, not shown" if str(value).startswith(SEALED) else "a key, not shown"
            case "bcu", _:
                return self._bcus[str(value)]
            case "role", _:
                return Officer.Role(str(value)).label
            case "rank", _:
                return Rank(str(value)).label
            case "ward", _:
                return self._wards[str(value)]
            case "nominated_inspector", _:
                return self._inspectors[int(str(value))]
        return str(value)

    @cached_property
    def _bcus(self) -> dict[str, str]:
        return {bcu.code: str(bcu) for bcu in BoroughCommandUnit.objects.all()}

    @cached_property
    def _wards(self) -> dict[str, str]:
        return dict(Ward.objects.values_list("gss", "name"))

    @cached_property
    def _inspectors(self) -> dict[int, str]:
        named = Officer.objects.filter(role=Officer.Role.INSPECTOR)
        replaced = Officer.objects.filter(pk__in=BoroughCommandUnit.objects.values("nominated_inspector"))
        return {officer.pk: officer.display_name for officer in named | replaced}
