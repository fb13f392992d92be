"""The published figures of one area, in the shapes that a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from boroughs import taxonomy
from figures.models.snapshots import Snapshot
from figures.snapshots.measures import (
    CONCERNS,
    CONCERNS_WITHOUT_WALK,
    DAYS_TO_ANSWER,
    DAYS_TO_WALK,
    DONE,
    GROUPS,
    LONDON,
    NOT_DONE,
    PARTLY_DONE,
    REQUESTS,
    WALKS_CANCELLED,
    WALKS_HELD,
    Measure,
    Text,
)
from walkandtalk.lib.charts import bar, line_chart

QUARTERS_IN_A_YEAR = 4
QUARTERS = 8
"""The number of quarters on a page. The open data have all."""
HEADLINES = (REQUESTS, WALKS_HELD, WALKS_CANCELLED, DAYS_TO_WALK)
BY_QUARTER = (*HEADLINES, CONCERNS, DONE, PARTLY_DONE, NOT_DONE, DAYS_TO_ANSWER)
CHARTS = (REQUESTS, WALKS_HELD, DAYS_TO_WALK, DAYS_TO_ANSWER)
EXAMPLES = 2
"""The number of kinds that explain a group of concerns."""


def walks_in_a_year() -> int:
    """Return how many walks the last four snapshots say were held, or 0 until there are four that say it.

    It adds up published numbers alone, so it tells nobody more than they do. From 1,000 it is rounded to hundreds.
    """
    numbers = [each.number(LONDON, WALKS_HELD.code) for each in Snapshot.objects.newest_first()[:QUARTERS_IN_A_YEAR]]
    known = [number for number in numbers if number is not None]
    total = sum(known) if len(known) == QUARTERS_IN_A_YEAR else 0
    return round(total, -2) if total >= 1000 else total


@dataclass(frozen=True)
class Shown:
    """One published figure, in words too. It has no number and no text if it may not be published."""

    measure: Measure
    number: int | None

    @property
    def text(self) -> str:
        if self.number is None:
            return ""
        if self.measure.is_median:
            return ngettext("%(days)s day", "%(days)s days", self.number) % {"days": self.number}
        return self.bare

    @property
    def bare(self) -> str:
        """The number without its unit, for tables that have it in the heading."""
        return "" if self.number is None else number_format(self.number, use_l10n=True, force_grouping=True)


@dataclass(frozen=True)
class Chart:
    measure: Measure
    picture: SafeString


class AreaFigures:
    """The published figures of one area: of the newest quarter, and of those before."""

    def __init__(self, code: str, snapshots: Sequence[Snapshot]) -> None:
        """Take the code of a BCU or of London, and snapshots, newest first."""
        self.code, self.snapshots = code, snapshots

    @property
    def newest(self) -> Snapshot | None:
        return self.snapshots[0] if self.snapshots else None

    @cached_property
    def headlines(self) -> list[Shown]:
        return self._shown(HEADLINES)

    @cached_property
    def groups(self) -> list[Shown]:
        return self._shown(tuple(GROUPS.values()))

    @cached_property
    def outcomes(self) -> list[Shown]:
        return self._shown((DONE, PARTLY_DONE, NOT_DONE))

    @property
    def group_bars(self) -> list[tuple[Shown, SafeString, str]]:
        rows = zip(GROUPS, with_bars(self.groups), strict=False)  # none without a snapshot
        return [(shown, drawn, examples(group)) for group, (shown, drawn) in rows]

    @property
    def outcome_bars(self) -> list[tuple[Shown, SafeString, str]]:
        return [(shown, drawn, "") for shown, drawn in with_bars(self.outcomes)]

    @property
    def concerns(self) -> Shown:
        return self._shown((CONCERNS,))[0]

    @property
    def days_to_answer(self) -> Shown:
        return self._shown((DAYS_TO_ANSWER,))[0]

    @property
    def without_walk(self) -> Shown:
        return self._shown((CONCERNS_WITHOUT_WALK,))[0]

    @property
    def by_quarter(self) -> list[tuple[Snapshot, list[Shown]]]:
        return [(each, self.of(each, BY_QUARTER)) for each in self.snapshots]

    @property
    def columns(self) -> list[Text]:
        return [with_unit(measure) for measure in BY_QUARTER]

    @cached_property
    def charts(self) -> list[Chart]:
        """Draw some figures as lines, each with at least two known points."""
        oldest_first = self.snapshots[::-1]
        labels = [each.quarter.short_label for each in oldest_first]
        found = []
        for measure in CHARTS:
            shown = [self.of(each, (measure,))[0] for each in oldest_first]
            numbers = [each.number for each in shown]
            if sum(number is not None for number in numbers) > 1:
                found.append(Chart(measure, line_chart(numbers, labels, texts=[each.text for each in shown])))
        return found

    def of(self, snapshot: Snapshot, measures: Sequence[Measure]) -> list[Shown]:
        return [Shown(measure, snapshot.number(self.code, measure.code)) for measure in measures]

    def _shown(self, measures: Sequence[Measure]) -> list[Shown]:
        return self.of(self.newest, measures) if self.newest else []


def with_bars(rows: Sequence[Shown]) -> list[tuple[Shown, SafeString]]:
    """Return each figure with a bar, of which the longest stands for the largest of them."""
    longest = max((each.number for each in rows if each.number), default=1)
    return [(each, bar(each.number / longest if each.number else None)) for each in rows]


def with_unit(measure: Measure) -> Text:
    return _("%(figure)s, days") % {"figure": measure.label} if measure.is_median else measure.label


def examples(group: str) -> str:
    """Return the first kinds of a group, such as “too dark; no CCTV”. None if its only kind says no more than it."""
    labels = [label for code, label in taxonomy.choices(group) if code != taxonomy.OTHER]
    return "; ".join(_begin_small(label) for label in labels[:EXAMPLES])


def _begin_small(text: str) -> str:
    return text if text.startswith("I ") else text[:1].lower() + text[1:]
