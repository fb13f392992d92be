"""One table for each question about the walk. Small numbers are hidden, by the rule of all figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedback.models.walk_answers import FEWEST_SHOWN, WALK_QUESTIONS, Totals, WalkAnswer
from figures.showing import (
    HIDDEN_TEXT,
    SMALLEST_SHARE_BASE,
    TOO_FEW_TEXT,
    compare_counts,
    is_small,
    share_in_words,
)
from walkandtalk.lib.govuk.macros import Text

COLUMNS = (*(str(answer.label) for answer in WalkAnswer), "Answers")


@dataclass(frozen=True)
class Row:
    name: str
    texts: list[str]


@dataclass(frozen=True)
class Table:
    """The answers to one question: a row for each BCU or month."""

    code: str
    question: Text
    rows: list[Row]


def tables(named_totals: Iterable[tuple[str, Totals]]) -> list[Table]:
    """Return a table for each question, with a row for each name. Totals without answers are empty."""
    each = list(named_totals)
    return [
        Table(
            code,
            question,
            [Row(name, _texts([totals.get((code, answer), 0) for answer in WalkAnswer])) for name, totals in each],
        )
        for code, question in WALK_QUESTIONS.items()
    ]


def _texts(counts: Sequence[int]) -> list[str]:
    """Return the number of each answer and of all, or the same words for none and for too few."""
    if sum(counts) < FEWEST_SHOWN:
        return [TOO_FEW_TEXT] * len(COLUMNS)
    if sum(counts) < SMALLEST_SHARE_BASE:
        texts, may_total = compare_counts(counts)
        return [*texts, str(sum(counts)) if may_total else HIDDEN_TEXT]
    yes, *others = counts
    hides = any(is_small(count) for count in counts)  # one alone could be worked out from the rest
    return [share_in_words(yes, sum(counts)), *(HIDDEN_TEXT if hides else str(n) for n in others), str(sum(counts))]
