"""The duties of a week as a grid: a row for each officer, a column for each day."""

import calendar
import datetime
import itertools
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
    def short(self) -> str:
        """The duty in the width of one day of a month: "7am–3pm", "Leave", "Off" or "?"."""
        if self.duty.times is not None:
            return f"{london.clock(self.duty.times[0])}–{london.clock(self.duty.times[1])}"
        return {DutyKind.LEAVE: "Leave", DutyKind.OFF: "Off"}.get(self.duty.kind, "?") if self.duty.kind else "?"

    @property
    def kind(self) -> str:
        """The kind of duty, for the colour of the cell. The text of the cell says the same."""
        return self.duty.kind or "unknown"


@dataclass(frozen=True)
class Run:
    """One day, or several in a row with the same duty."""

    cell: Cell
    last: datetime.date


@dataclass(frozen=True)
class Row:
    officer: Officer
    cells: list[Cell]

    def runs(self) -> list[Run]:
        """Return days in a row with the same duty and without walks as one, for a card on a phone."""
        groups = itertools.groupby(enumerate(self.cells), lambda each: _same_duty(*each))
        runs = [[cell for _number, cell in group] for _key, group in groups]
        return [Run(cells[0], cells[-1].duty.date) for cells in runs]


def grid(officers: Iterable[Officer], availability: TeamAvailability, dates: list[datetime.date]) -> list[Row]:
    return [Row(officer, [_cell(officer, availability, date) for date in dates]) for officer in officers]


def on_duty(rows: list[Row], dates: list[datetime.date]) -> list[tuple[datetime.date, int]]:
    """Return each date with the number of these officers who are on duty and available for walks."""
    available = [row for row in rows if row.officer.is_available]
    counted = (sum(row.cells[number].duty.kind == DutyKind.ON for row in available) for number in range(len(dates)))
    return list(zip(dates, counted, strict=True))


def days_in(month: datetime.date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def _same_duty(number: int, cell: Cell) -> tuple[object, ...]:
    """Return what must be equal for two days to be in one run. A day with a walk is a run of its own."""
    is_alone = bool(cell.walks or cell.short_rest)
    return cell.duty.kind, cell.duty.times, cell.duty.is_exception, number if is_alone else None


def _cell(officer: Officer, availability: TeamAvailability, date: datetime.date) -> Cell:
    walks = sorted(availability.walk_times_on(officer.pk, date))
    return Cell(
        availability.of(officer.pk, date),
        [f"Walk {london.clock(start)}" for start, _end in walks],
        describe_rest(availability.rest(officer.pk, date)),
    )
