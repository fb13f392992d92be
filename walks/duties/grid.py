"""The duties of a week as a grid: a row for each officer, a column for each day."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walks.planning.availability import DutyOnDay, TeamAvailability, describe_rest
from walks.statuses import DutyKind


@dataclass(frozen=True)
class Cell:
    duty: DutyOnDay
    walks: list[str]
    short_rest: str

    @property
    def kind(self) -> str:
        """The kind of duty, for the colour of the cell. The text of the cell says the same."""
        return self.duty.kind or "unknown"


@dataclass(frozen=True)
class Row:
    officer: Officer
    cells: list[Cell]


def grid(officers: Iterable[Officer], availability: TeamAvailability, dates: list[datetime.date]) -> list[Row]:
    return [Row(officer, [_cell(officer, availability, date) for date in dates]) for officer in officers]


def on_duty(rows: list[Row], dates: list[datetime.date]) -> list[tuple[datetime.date, int]]:
    """Return each date with the number of these officers who are on duty."""
    counted = (sum(row.cells[number].duty.kind == DutyKind.ON for row in rows) for number in range(len(dates)))
    return list(zip(dates, counted, strict=True))


def _cell(officer: Officer, availability: TeamAvailability, date: datetime.date) -> Cell:
    walks = sorted(availability.walk_times_on(officer.pk, date))
    return Cell(
        availability.of(officer.pk, date),
        [f"Walk {london.clock(start)}" for start, _end in walks],
        describe_rest(availability.rest(officer.pk, date)),
    )
