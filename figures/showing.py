"""Shows or hides figures, so that no number points to one woman (docs/decisions/figures.md)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from figures.counting import Tally

SMALLEST_COUNT = 5
"""Counts from 1 to 4 are shown only to the inspector whose queue has these bookings."""
SMALLEST_SHARE_BASE = 10
SMALLEST_WAIT_COUNT = 10
FEW_TEXT = f"fewer than {SMALLEST_COUNT}"
AT_LEAST_TEXT = "at least"
TOO_FEW_TEXT = "too few to say"
HIDDEN_TEXT = "not shown"
NONE_DUE_TEXT = "none was due"


@dataclass(frozen=True)
class Target:
    """The number that a figure should reach, or should not pass."""

    number: int
    words: str
    is_most: bool = False

    def is_missed_by(self, number: int) -> bool:
        return number > self.number if self.is_most else number < self.number


@dataclass(frozen=True)
class Figure:
    """A figure and its exact definition. A share is a part of the count `of`; a wait is shown in days and hours.

    `column` is its name in the file, which never changes.
    """

    code: str
    column: str
    label: str
    definition: str
    of: str = ""
    is_wait: bool = False
    target: Target | None = None

    def number(self, tally: Tally) -> int | None:
        """Return the number to show: a count, a percentage or hours. None if there is nothing of which to take it."""
        value = getattr(tally, self.code)
        if isinstance(value, datetime.timedelta):
            return round_to_hours(value)
        if self.of:
            base = getattr(tally, self.of)
            return round(100 * value / base) if base else None
        return value  # type: ignore[no-any-return]

    def in_short(self, number: int) -> str:
        """Return a number as a cell has it: "31", "93%" or "2 d 5 h"."""
        if self.is_wait:
            return " ".join(f"{n} {unit}" for n, unit in zip(divmod(number, 24), "dh", strict=True) if n) or "< 1 h"
        return f"{number}%" if self.of else str(number)


@dataclass(frozen=True)
class Cell:
    """A figure as a table, a chart and the file have it. If its number is hidden, nothing of it is here."""

    text: str
    words: str
    value: str = ""
    """The number as the file has it: "93", "<2", ">=98" or, if it is hidden, nothing."""
    number: int | None = None
    """The number to draw."""
    rank: int = -1
    misses_target: bool = False

    @property
    def is_hidden(self) -> bool:
        return not self.value

    @property
    def is_limit(self) -> bool:
        """Return whether the cell has only a limit: “≥ 89%” or “< 13%”."""
        return self.value.startswith((">", "<"))


HIDDEN_CELL = Cell("–", "too few to say")
TIGHT_BASE = 80
"""With this many women or more, “fewer than 5” of them is so near the number that it is drawn in its place."""

FIGURES = (
    Figure(
        "requested",
        "requested",
        "Asked for a walk",
        "Requests sent on the website, by phone or in person, including those that nobody confirmed or that were "
        "reported as “not mine”. Here and below, a request that was handed over counts for the BCU that has it now.",
    ),
    Figure(
        "read_in_time",
        "read_in_time_percent",
        "Read in time",
        "An inspector should open each request by 5pm on the working day after it was sent. Of the requests for which "
        "that was in this period: those that an inspector had opened or answered by then. Requests that a woman took "
        "back unread are left out.",
        of="read_due",
    ),
    Figure(
        "median",
        "wait_median_hours",
        "Wait, median",
        "Days and hours, including nights and weekends, from the request to our first answer: a walk, an offer of "
        "times, or a no. Half of the women whose answer came in this period waited no longer than this. Women who are "
        "still waiting are left out.",
        is_wait=True,
    ),
    Figure(
        "percentile_90",
        "wait_9_in_10_hours",
        "Wait, 9 in 10",
        "Like the median wait, but nine in ten women waited no longer than this.",
        is_wait=True,
    ),
    Figure(
        "in_time",
        "answered_in_time_percent",
        "Answered in time",
        "Of the women whose first answer was due in this period: those who had it by then. Women who took their "
        "request back before that day are left out. A woman who chose other times before that day has a new day. The "
        "target is 90%.",
        of="due",
        target=Target(90, "Target 90%"),
    ),
    Figure(
        "declined",
        "declined",
        "Declined",
        "Requests to which we said no in this period. Offers of other times are not counted here.",
    ),
    Figure(
        "cancelled_by_us",
        "cancelled_by_us_percent",
        "Cancelled by us",
        "Of the women whose walk was due to start in this period, and who did not cancel it themselves: those whose "
        "walk we cancelled. The target is 5% or less.",
        of="planned",
        target=Target(5, "Target 5%", is_most=True),
    ),
    Figure(
        "officers_absent",
        "missed_by_us",
        "Missed by us",
        "Women whose walk no officer came to, and women whose chosen times all passed before we answered. We are "
        "responsible for both. The target is none.",
        target=Target(0, "Target none", is_most=True),
    ),
    Figure(
        "delivery_problems",
        "not_told_percent",
        "Not told",
        "Of the women whose walk was due to start in this period: those who did not receive our last message about "
        "it, if nobody had reached them by the start, and they had not confirmed that they had seen it.",
        of="planned",
    ),
    Figure(
        "walked",
        "walked_percent",
        "Walked",
        "Of the women whose walk was due to start in this period, and who did not cancel it themselves: those who "
        "walked.",
        of="planned",
    ),
)


def cell_of(figure: Figure, tally: Tally, text: str) -> Cell:
    """Return the cell for a figure whose words are `text`. It has a number only if the words say it."""
    if figure.of and text.startswith((FEW_TEXT, AT_LEAST_TEXT)):
        return _bound_cell(getattr(tally, figure.of), text, is_most=text.startswith(FEW_TEXT))
    number = None if is_inexact(text) or text == NONE_DUE_TEXT else figure.number(tally)
    if number is None:
        return HIDDEN_CELL
    return _cell(figure, figure.in_short(number), text, number)


def _bound_cell(base: int, text: str, *, is_most: bool) -> Cell:
    """Return the cell of a share whose part or rest is small. It depends on nothing but of how many it is a share."""
    bound = -(-100 * SMALLEST_COUNT // base) if is_most else 100 * (base - SMALLEST_COUNT + 1) // base
    signs = ("<", "<") if is_most else ("≥", ">=")
    drawn = bound if base >= TIGHT_BASE else None
    return Cell(f"{signs[0]} {bound}%", text, f"{signs[1]}{bound}", drawn, bound)


def exact_cell(figure: Figure, tally: Tally) -> Cell:
    """Return the cell for the inspector who may open every booking behind it. Words stand in for what is missing."""
    text = format_figure(figure, tally, exact=True)
    number = None if text in (TOO_FEW_TEXT, NONE_DUE_TEXT) else figure.number(tally)
    return Cell(text, text) if number is None else _cell(figure, text, text, number)


def _cell(figure: Figure, short: str, words: str, number: int) -> Cell:
    is_missed = figure.target is not None and figure.target.is_missed_by(number)
    return Cell(short, words, str(number), number, number, is_missed)


def format_figure(figure: Figure, tally: Tally, *, exact: bool) -> str:
    """Return the figure in words. `exact` is for the inspector who may open every booking behind it."""
    value = getattr(tally, figure.code)
    if figure.is_wait:
        smallest = SMALLEST_COUNT if exact else SMALLEST_WAIT_COUNT
        return in_days(value) if value is not None and tally.answers >= smallest else TOO_FEW_TEXT
    if figure.of:
        return share_in_words(value, getattr(tally, figure.of), exact=exact)
    return str(value) if exact else count_in_words(value)


def count_in_words(count: int) -> str:
    return FEW_TEXT if is_small(count) else str(count)


def is_small(count: int) -> bool:
    return 0 < count < SMALLEST_COUNT


def in_days(wait: datetime.timedelta) -> str:
    """Return the wait in words, such as "2 days 5 hours"."""
    days, hours_left = divmod(round_to_hours(wait), 24)
    parts = [_number(days, "day"), _number(hours_left, "hour")]
    return " ".join(filter(None, parts)) or "less than an hour"


def round_to_hours(wait: datetime.timedelta) -> int:
    return round(wait.total_seconds() / 3600)


def _number(n: int, what: str) -> str:
    return "" if not n else f"{n} {what}" if n == 1 else f"{n} {what}s"


def share_in_words(part: int, base: int, *, exact: bool = False) -> str:
    if not base:
        return NONE_DUE_TEXT
    if exact:
        return f"{part} of {base} ({round(100 * part / base)}%)"
    if base < SMALLEST_SHARE_BASE:
        return TOO_FEW_TEXT
    if is_small(part):
        return f"{FEW_TEXT} of {base}"
    if is_small(base - part):
        return f"{AT_LEAST_TEXT} {base - SMALLEST_COUNT + 1} of {base}"
    return f"{part} of {base} ({round(100 * part / base)}%)"


def compare_figure(figure: Figure, tallies: Sequence[Tally]) -> tuple[list[str], bool]:
    """Return the figure of each BCU, and whether their total may be shown without revealing a hidden number."""
    if figure.is_wait:
        return [format_figure(figure, tally, exact=False) for tally in tallies], True
    if figure.of:
        return compare_shares([(getattr(tally, figure.code), getattr(tally, figure.of)) for tally in tallies])
    return compare_counts([getattr(tally, figure.code) for tally in tallies])


def is_inexact(text: str) -> bool:
    """Return whether a figure in words hides its number."""
    return FEW_TEXT in text or text.startswith(AT_LEAST_TEXT) or text in (TOO_FEW_TEXT, HIDDEN_TEXT)


def compare_counts(counts: Sequence[int]) -> tuple[list[str], bool]:
    """Return the count of each BCU, and whether their total may be shown without revealing a hidden number.

    If a number is small, hide others too, smallest first, until at least two are hidden and they add up to 10.
    """
    hidden = {n for n, count in enumerate(counts) if is_small(count)}
    others = sorted((n for n, count in enumerate(counts) if count >= SMALLEST_COUNT), key=lambda n: counts[n])

    def tells_nothing() -> bool:
        return not hidden or (len(hidden) > 1 and sum(counts[n] for n in hidden) >= 2 * SMALLEST_COUNT)

    while others and not tells_nothing():
        hidden.add(others.pop(0))
    return [HIDDEN_TEXT if n in hidden else str(count) for n, count in enumerate(counts)], tells_nothing()


def compare_shares(shares: Sequence[tuple[int, int]]) -> tuple[list[str], bool]:
    """Return the share of each BCU, from the part and what it is of, and whether their total may be shown."""
    texts = [share_in_words(part, base) for part, base in shares]
    hidden = [share for share, text in zip(shares, texts, strict=True) if is_inexact(text)]
    part = sum(part for part, _base in hidden)
    rest = sum(base for _part, base in hidden) - part
    return texts, not hidden or (len(hidden) > 1 and not is_small(part) and not is_small(rest))
