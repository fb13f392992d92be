"""The duty of a week as a grid: officers down, days across."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.planning.availability import DayOfDuty, Roster, rest_in_words
from walks.statuses import DutyKind


@dataclass(frozen=True)
class Cell:
    duty: DayOfDuty
    walks: list[str]
    short_rest: str

    @property
    def kind(self) -> str:
        """For the colour of the cell; its words say the same."""
        return self.duty.kind or "unknown"


@dataclass(frozen=True)
class Row:
    officer: Officer
    cells: list[Cell]


def grid(officers: Iterable[Officer], roster: Roster, dates: list[datetime.date]) -> list[Row]:
    return [Row(officer, [_cell(officer, roster, date) for date in dates]) for officer in officers]


def on_duty(rows: list[Row], dates: list[datetime.date]) -> list[tuple[datetime.date, int]]:
    """How many of these officers are on duty, day by day."""
    counted = (sum(row.cells[number].duty.kind == DutyKind.ON for row in rows) for number in range(len(dates)))
    return list(zip(dates, counted, strict=True))


def _cell(officer: Officer, roster: Roster, date: datetime.date) -> Cell:
    walks = sorted(roster.walks_on(officer.pk, date))
    return Cell(
        roster.of(officer.pk, date),
        [f"Walk {london.clock(start)}" for start, _end in walks],
        rest_in_words(roster.rest(officer.pk, date)),
    )
