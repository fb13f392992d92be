"""How an Easy Read page is spread over sheets of paper, so that the web page can count them without making the PDF."""

from collections.abc import Iterator

from boroughs.easy_read.lines import Section

MOST_LINES = 7
MOST_ROWS = 9
"""A line, a heading and the title each take a row. The document makes its pictures smaller on a full sheet."""

Sheet = tuple[Section, ...]


def sheets_of(sections: tuple[Section, ...]) -> tuple[Sheet, ...]:
    """Return the sections of each sheet. Short ones share a sheet. Only one that needs more is split."""
    sheets: list[Sheet] = []
    rows = MOST_ROWS  # the first section begins a sheet
    for part in _parts(sections):
        needed = len(part.lines) + 1
        if rows + needed > MOST_ROWS:
            rows = 0 if sheets else 1  # the title is on the first sheet
            sheets.append(())
        sheets[-1] += (part,)
        rows += needed
    return tuple(sheets)


def _parts(sections: tuple[Section, ...]) -> Iterator[Section]:
    """Return sections that each fit on a sheet. The second part of a long one has no heading."""
    for section in sections:
        for first in range(0, len(section.lines), MOST_LINES):
            yield Section("" if first else section.heading, section.lines[first : first + MOST_LINES])
