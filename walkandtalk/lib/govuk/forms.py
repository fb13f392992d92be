"""Form fields for our questions, with their error messages."""

import re
from collections.abc import Mapping
from datetime import date, time
from functools import cache
from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template import Context
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from walkandtalk.lib.london import clock

from .layout import Layout, LayoutObject, Question, get_heading
from .macros import Text
from .widgets import PARTS, DatePartsInput

# Used unless a form has better wording. Django's own messages never appear on our pages.
MESSAGES: dict[str, Text] = {
    "required": _("Enter an answer"),
    "invalid_choice": _("Select one of the answers shown"),
    "max_length": _("Use %(limit_value)d characters or fewer. You have used %(show_value)d."),
    "min_length": _("Use %(limit_value)d characters or more"),
    "max_value": _("Enter %(limit_value)s or less"),
    "min_value": _("Enter %(limit_value)s or more"),
}
INVALID: dict[type[forms.Field], Text] = {
    forms.EmailField: _("Enter an email address in the right form, like name@example.com"),
    forms.IntegerField: _("Enter a whole number, like 30"),
}
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
LARGEST = {"day": 31, "month": 12, "year": 9999}


class PageForm(forms.Form):
    """A form that makes up a page, with its wording, order and button."""

    button: Text = _("Continue")
    """Empty if each answer is a button of its own."""
    button_style: Literal["", "secondary", "warning"] = ""
    method: Literal["post", "get"] = "post"
    is_cacheable: bool = False
    """True if the empty form contains nothing personal. Its components are then rendered once and cached."""
    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_with_plain_newlines(data), *args, **kwargs)
        for name, words in _plain_messages(type(self)).items():
            self.fields[name].error_messages.update(words)

    @property
    def button_classes(self) -> str:
        return f"govuk-button--{self.button_style}" if self.button_style else ""

    def question(self) -> LayoutObject:
        return Layout(*(Question(field.name) for field in self.visible_fields()))

    @property
    def heading(self) -> str:
        """The h1, if a question provides it. Otherwise the template does."""
        return get_heading(self.layout, self)

    @cached_property
    def layout(self) -> Layout:
        return Layout(self.question())

    def render_questions(self, context: Context) -> SafeString:
        """Return the HTML of the layout, then all hidden fields."""
        hidden = "".join(bound.as_hidden() for bound in self.hidden_fields())
        return mark_safe(self.layout.render(self, context) + hidden)  # noqa: S308


class SearchForm(PageForm):
    """A search. Sent by POST, so that no address holds what was typed."""

    button = "Search"
    button_style = "secondary"


class SearchInput(forms.TextInput):
    """A box for names and references, which the browser neither keeps nor corrects."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false"})


class ThreePartDateField(forms.Field):
    widget = DatePartsInput
    default_error_messages = {
        "required": _("%(subject)s must include a date"),
        "missing_one": _("%(subject)s must include a %(first)s"),
        "missing_two": _("%(subject)s must include a %(first)s and a %(second)s"),
        "year": _("Year must have 4 numbers, like 2027"),
        "invalid": _("%(subject)s must be a real date"),
    }
    part_names = {"day": _("day"), "month": _("month"), "year": _("year")}

    def __init__(self, *, subject: Text = "", **kwargs: Any) -> None:
        """Start each error with `subject`: "First choice" gives "First choice must be a real date"."""
        super().__init__(**kwargs)
        self.subject = subject or self.label or _("Date")

    def to_python(self, value: object) -> date | None:
        if value is None or isinstance(value, date):
            return value
        parts = DatePartsInput.parts_of(value)
        missing = [part for part in PARTS if not parts[part]]
        if len(missing) == len(PARTS):
            return None
        if missing:
            raise self._error("missing_one" if len(missing) == 1 else "missing_two", *missing)
        return self._read(**parts)

    def validate(self, value: object) -> None:
        if self.required and value is None:
            raise self._error("required", *PARTS)

    def _read(self, day: str, month: str, year: str) -> date:
        number = {"day": _number(day), "month": _month(month), "year": _number(year)}
        if not re.fullmatch(r"\d{4}", year):
            raise self._error("year", "year")
        unreadable = [part for part, n in number.items() if n is None or not 1 <= n <= LARGEST[part]]
        if unreadable:
            raise self._error("invalid", *unreadable)
        try:
            return date(number["year"], number["month"], number["day"])  # type: ignore[arg-type]
        except ValueError:  # such as 30 February: the day is wrong
            raise self._error("invalid", "day") from None

    def _error(self, code: str, *parts: str) -> ValidationError:
        """Make an error. `parts` says which of the three inputs the page should mark."""
        names = [self.part_names[part] for part in parts]
        params = {"subject": self.subject, "parts": parts, "first": names[0], "second": names[-1]}
        return ValidationError(self.error_messages[code], code=code, params=params)


class ClockTimeField(forms.Field):
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    default_error_messages = {
        "required": _("%(subject)s must include a time"),
        "invalid": _("%(subject)s must be a time, like 6:30pm"),
        "am_or_pm": _("%(subject)s must say am or pm, like 6:30pm"),
    }

    def __init__(self, *, subject: Text = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.subject = subject or self.label or _("Time")

    def prepare_value(self, value: object) -> object:
        return clock(value) if isinstance(value, time) else value

    def to_python(self, value: object) -> time | None:
        if value is None or isinstance(value, time):
            return value
        text = re.sub(r"[\s.]+(?=[ap]\.?\s*m)|(?<=[ap])[\s.]+(?=m)|\s+|\.$", "", str(value).lower())
        if not text:
            return None
        if text in ("midday", "noon", "12midday", "12noon"):
            return time(12)
        if text in ("midnight", "12midnight"):
            return time(0)
        return self._read(text)

    def validate(self, value: object) -> None:
        if self.required and value is None:
            raise self._error("required")

    def _read(self, text: str) -> time:
        match = re.fullmatch(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?(am|pm)?", text)
        if not match:
            raise self._error("invalid")
        digits, minutes, half = match.groups()
        hour, minute = int(digits), int(minutes or 0)
        if half:
            if not 1 <= hour <= 12:
                raise self._error("invalid")
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif hour <= 12 and (minutes is None or len(digits) == 1):
            raise self._error("am_or_pm")  # "7" or "6:30", where a guess could be twelve hours wrong
        try:
            return time(hour, minute)
        except ValueError:
            raise self._error("invalid") from None

    def _error(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"subject": self.subject})


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None


def _month(text: str) -> int | None:
    """Read a month from a number, a name, or at least the first three letters of a name."""
    word = text.lower().rstrip(".")
    if len(word) >= 3 and word.isalpha():
        return next((n for n, name in enumerate(MONTHS, 1) if name.startswith(word)), None)
    return _number(text)


@cache
def _plain_messages(form: type[Any]) -> dict[str, dict[str, Text]]:
    """Return our error messages by field, where neither the form nor one of our fields defines its own."""
    return {name: _messages_for(field) for name, field in form.base_fields.items()}


def _messages_for(field: forms.Field) -> dict[str, Text]:
    messages: dict[str, Text] = {**MESSAGES}
    if field.label:  # so that no two lines in a summary are the same
        messages["required"] = format_lazy(_("Answer “{label}”"), label=field.label)
    for kind, text in INVALID.items():
        if isinstance(field, kind):
            messages["invalid"] = text
    return {code: text for code, text in messages.items() if not _has_own_message(field, code)}


def _has_own_message(field: forms.Field, code: str) -> bool:
    owner = next((c for c in type(field).__mro__ if code in vars(c).get("default_error_messages", {})), None)
    if owner is not None and not owner.__module__.startswith("django."):
        return True
    django_message = owner.default_error_messages[code] if owner else None  # type: ignore[attr-defined]
    message = field.error_messages.get(code)
    return message is not None and message is not django_message  # `is`, because `==` would translate lazy strings


def _with_plain_newlines(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Replace CRLF, which browsers send: counted as two characters, it would push a text over its limit."""
    if not isinstance(data, QueryDict) or not any("\r" in v for _key, values in data.lists() for v in values):
        return data
    copy = QueryDict(mutable=True, encoding=data.encoding)
    for key, values in data.lists():
        copy.setlist(key, [v.replace("\r\n", "\n").replace("\r", "\n") for v in values])
    return copy
