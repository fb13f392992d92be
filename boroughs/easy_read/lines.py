"""The parts of an Easy Read page. The web page and the PDF show the same lines (docs/decisions/easy-read.md)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

HARD_WORD = "**"
"""Marks the start and end of a hard word, which this line or the next explains."""


@dataclass(frozen=True)
class Line:
    """One idea in at most 15 words, and the name of its picture in `static/easy-read/`."""

    picture: str
    text: str

    @property
    def runs(self) -> list[tuple[str, bool]]:
        """The parts of the text, each with whether it is a hard word."""
        return [(part, number % 2 == 1) for number, part in enumerate(self.text.split(HARD_WORD)) if part]


@dataclass(frozen=True)
class Section:
    """A heading and up to six lines, or more where an administrator has reworded some."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class EasyReadPage:
    """`slug` is the end of its address. Each section is made anew, because settings and rows have its numbers."""

    slug: str
    title: str | Promise
    picture: str
    parts: tuple[Callable[[], Section], ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        return tuple(make() for make in self.parts)
