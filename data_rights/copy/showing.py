"""Show a copy as JSON, or as the sections of a page."""

import datetime
from collections.abc import Iterator
from dataclasses import asdict, dataclass, is_dataclass
from typing import Annotated, Any, get_origin, get_type_hints

from django.utils.translation import gettext as _

from data_rights.copy.personal_copy import PersonalCopy, StaffNotes
from walkandtalk.lib import london
from walkandtalk.lib.govuk.macros import Text
from walkandtalk.lib.govuk.pages import summary_row


@dataclass(frozen=True)
class ShownSection:
    title: str
    lists: list[list[dict[str, Any]]]
    """One summary list for each record."""
    lines: list[str]
    """Sentences, for a section without records."""


def as_json(copy: PersonalCopy | StaffNotes) -> dict[str, Any]:
    """Return values that JSON can hold. Times are in London, with their offset."""
    return {name: _plain(value) for name, value in asdict(copy).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return london.local(value).isoformat() if isinstance(value, datetime.datetime) else value


def as_sections(copy: PersonalCopy) -> list[ShownSection]:
    """Return the sections of the page. A field that we don't hold has no row, and an empty section says so."""
    return [_section(title, getattr(copy, name)) for name, title in _labels(PersonalCopy).items()]


def _labels(record: type[object]) -> dict[str, Text]:
    """Return the label of each field that has one, in the order of the fields."""
    hints = get_type_hints(record, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items() if get_origin(hint) is Annotated}


def _section(title: Text, value: Any) -> ShownSection:
    values = value if isinstance(value, list) else [value]
    records = [[*_rows(each)] for each in values if is_dataclass(each)]
    return ShownSection(str(title), records, [each for each in values if isinstance(each, str)])


def _rows(record: Any) -> Iterator[dict[str, Any]]:
    for name, label in _labels(type(record)).items():
        value = getattr(record, name)
        if value not in ("", None, [], 0) or value is False:
            yield summary_row(label, _lines(value))


def _lines(value: Any) -> list[str]:
    if isinstance(value, bool):
        return [_("Yes") if value else _("No")]
    if isinstance(value, datetime.datetime):
        return [london.time_and_date(value)]
    lines = value if isinstance(value, list) else str(value).splitlines()
    return [line for each in lines for line in str(each).splitlines()]
