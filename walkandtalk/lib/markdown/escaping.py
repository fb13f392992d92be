"""Values on their way into Markdown: they come out as the same characters that went in, and never as markup."""

import re
import string
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from walkandtalk.lib.plain_text import one_line

PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]")


def escape(text: str) -> SafeString:
    """Return the text on one line, with a backslash before every character that Markdown could read as its own."""
    return SafeString(PUNCTUATION.sub(r"\\\g<0>", one_line(text)))


def escape_values(value: object) -> object:
    """Escape every text in a template's values. Raise TypeError for a kind of value that could hide one."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str | Promise):
        return escape(str(value))
    if isinstance(value, Mapping):
        return {name: escape_values(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [escape_values(item) for item in value]
    if is_dataclass(value):
        return {field.name: escape_values(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"A message cannot show a {type(value).__name__}.")
