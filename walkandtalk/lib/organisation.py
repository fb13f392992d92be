"""The organisation that runs the service (docs/rules.md#who-runs-this)."""

import datetime
from dataclasses import dataclass, fields

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

SEPARATOR = "|"


@dataclass(frozen=True)
class CheckedText:
    """A text, the person who keeps it right, and the day when she last checked it."""

    text: str
    owner: str
    checked: datetime.date

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Organisation:
    """Everything a visitor may want to know about who runs the service. Each field is one environment variable."""

    name: CheckedText
    address: CheckedText
    data_controller: CheckedText
    legal_basis: CheckedText
    data_protection: CheckedText
    complaints: CheckedText
    phone: CheckedText
    phone_hours: CheckedText

    @property
    def run_by(self) -> str:
        return _("Run by %(organisation)s") % {"organisation": self.name}

    @property
    def phone_href(self) -> str:
        return f"tel:{self.phone.text.replace(' ', '')}"

    @property
    def checked(self) -> datetime.date:
        """The day of the oldest check."""
        checks: list[datetime.date] = [getattr(self, field.name).checked for field in fields(self)]
        return min(checks)


def read_organisation(**values: str) -> Organisation:
    """Read each field from “text | owner | date checked”. Name every variable to correct."""
    texts = {name: _read(value) for name, value in values.items()}
    if wrong := [f"ORGANISATION_{name.upper()}" for name, text in texts.items() if text is None]:
        raise ImproperlyConfigured(
            f"Write these as “text | owner | date checked”, like “020 7946 0100 | Scheme lead | 2026-11-28”: "
            f"{', '.join(wrong)}."
        )
    return Organisation(**{name: text for name, text in texts.items() if text})


def _read(value: str) -> CheckedText | None:
    """Return the text, or None if a part is missing or the last part is not a date."""
    parts = [part.strip() for part in value.split(SEPARATOR)]
    if len(parts) != 3 or not all(parts):
        return None
    text, owner, checked = parts
    try:
        return CheckedText(text, owner, datetime.date.fromisoformat(checked))
    except ValueError:
        return None
