"""Lines of Easy Read pages about what administrators word (docs/rules.md#statements)."""

import re

from boroughs.easy_read.lines import Line
from boroughs.statements import statements

END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def statement_lines(picture: str, code: str, *easy: str) -> tuple[Line, ...]:
    """Return the easy words for a statement, or its own sentences once an administrator has changed it.

    The easy words say what the initial text says, so they may be wrong about another. An empty statement has no lines.
    """
    now = statements()
    text = now.texts[code]
    sentences = END_OF_SENTENCE.split(text) if code in now.changed else easy
    return tuple(Line(picture, sentence) for sentence in sentences if text)
