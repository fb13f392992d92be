"""One table for each question about the walk. Small numbers are hidden, by the rule of all figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedback.models.walk_answers import FEWEST_SHOWN, WALK_QUESTIONS, Totals, WalkAnswer, answers_to
from figures.showing import (
    HIDDEN_TEXT,
    SMALLEST_SHARE_BASE,
    compare_counts,
    is_small,
    share_in_words,
)
from walkandtalk.lib.govuk.macros import Text

ANSWERS_COLUMN = "Answers"


@dataclass(frozen=True)
class Row:
    name: str
    texts: list[str]


@dataclass(frozen=True)
class Table:
    """The answers to one question: a row for each BCU or month with enough of them."""

    code: str
    question: Text
    columns: list[Text]
    rows: list[Row]
    leaves_out: bool


def tables(named_totals: Iterable[tuple[str, Totals]]) -> list[Table]:
    """Return a table for each question. None and too few answers look the same: they have no row."""
    each = list(named_totals)
    return [_table(code, question, each) for code, question in WALK_QUESTIONS.items()]


def _table(code: str, question: Text, each: Sequence[tuple[str, Totals]]) -> Table:
    counts = {name: [totals.get((code, answer), 0) for answer in WalkAnswer] for name, totals in each}
    rows = [Row(name, _texts(answers)) for name, answers in counts.items() if sum(answers) >= FEWEST_SHOWN]
    columns: list[Text] = [*(label for _answer, label in answers_to(code)), ANSWERS_COLUMN]
    return Table(code, question, columns, rows, leaves_out=len(rows) < len(counts))


def _texts(counts: Sequence[int]) -> list[str]:
    """Return the number of each answer and of all."""
    if sum(counts) < SMALLEST_SHARE_BASE:
        texts, may_total = compare_counts(counts)
        return [*texts, str(sum(counts)) if may_total else HIDDEN_TEXT]
    yes, *others = counts
    hides = any(is_small(count) for count in counts)  # one alone could be worked out from the rest
    return [share_in_words(yes, sum(counts)), *(HIDDEN_TEXT if hides else str(n) for n in others), str(sum(counts))]
