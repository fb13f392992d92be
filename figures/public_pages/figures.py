"""The published figures of one area, in the shapes that a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

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
"""So many quarters are on a page. The open data have all."""
HEADLINES = (REQUESTS, WALKS_HELD, WALKS_CANCELLED, DAYS_TO_WALK)
BY_QUARTER = (*HEADLINES, CONCERNS, DONE, PARTLY_DONE, NOT_DONE, DAYS_TO_ANSWER)
CHARTS = (REQUESTS, WALKS_HELD, DAYS_TO_WALK, DAYS_TO_ANSWER)


def walks_in_a_year() -> int:
    """Return how many walks the last four snapshots say were held, or 0 until there are four that say it.

    It adds up published numbers alone, so it tells nobody more than they do.
    """
    numbers = [each.number(LONDON, WALKS_HELD.code) for each in Snapshot.objects.newest(QUARTERS_IN_A_YEAR)]
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == QUARTERS_IN_A_YEAR else 0


@dataclass(frozen=True)
class Shown:
    """One published figure in words, with a bar if it is compared to others. Without a text it may not be published."""

    measure: Measure
    text: str
    bar: str = ""


@dataclass(frozen=True)
class Chart:
    measure: Measure
    picture: SafeString


class AreaFigures:
    """What was published about one area: the newest quarter, and those before."""

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
        return self._with_bars(tuple(GROUPS.values()))

    @cached_property
    def outcomes(self) -> list[Shown]:
        return self._with_bars((DONE, PARTLY_DONE, NOT_DONE))

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
    def by_quarter(self) -> list[tuple[Snapshot, list[str]]]:
        return [(each, [self._text(measure, each) for measure in BY_QUARTER]) for each in self.snapshots]

    @property
    def columns(self) -> list[Text]:
        return [measure.label for measure in BY_QUARTER]

    @cached_property
    def charts(self) -> list[Chart]:
        """Draw how some figures changed, if a line needs at least two points."""
        oldest_first = self.snapshots[::-1]
        labels = [each.quarter.short_label for each in oldest_first]
        found = []
        for measure in CHARTS:
            values = [each.number(self.code, measure.code) for each in oldest_first]
            if sum(value is not None for value in values) > 1:
                texts = [self._text(measure, each) for each in oldest_first]
                found.append(Chart(measure, line_chart(values, labels, texts=texts)))
        return found

    def _shown(self, measures: Sequence[Measure]) -> list[Shown]:
        return [Shown(measure, self._text(measure, self.newest)) for measure in measures]

    def _with_bars(self, measures: Sequence[Measure]) -> list[Shown]:
        numbers = [self.newest.number(self.code, each.code) if self.newest else None for each in measures]
        longest = max((number for number in numbers if number), default=0)
        shares = [number / longest if number else None for number in numbers]
        return [
            Shown(measure, self._text(measure, self.newest), bar(share))
            for measure, share in zip(measures, shares, strict=True)
        ]

    def _text(self, measure: Measure, snapshot: Snapshot | None) -> str:
        number = snapshot.number(self.code, measure.code) if snapshot else None
        if number is None:
            return ""
        if measure.is_median:
            return ngettext("%(days)s day", "%(days)s days", number) % {"days": number}
        return number_format(number, use_l10n=True, force_grouping=True)
