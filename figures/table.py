"""The table of figures: a row for London and for each BCU, with a line of the last twelve months in each cell."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from boroughs.models.bcus import BoroughCommandUnit
from figures.comparison import Cells, compare, exact_cells
from figures.periods import month_code, months_over
from figures.showing import FIGURES, Cell, Figure
from figures.tallies.counted import Counted
from walkandtalk.lib import charts

LONDON = "London"
NO_LINE = SafeString("<i></i>")
CHARTED = ("requested", "in_time", "median", "cancelled_by_us")
"""The figures with a chart of their own, by their codes."""


@dataclass(frozen=True)
class Place:
    """The figures of one BCU or of all of London: those of the chosen period, and those of each month."""

    code: str
    name: str
    bcu: BoroughCommandUnit | None
    cells: Cells
    months: dict[datetime.date, Cells] = field(default_factory=dict)

    def row(self) -> Iterator[tuple[Cell, SafeString]]:
        for figure in FIGURES:
            numbers = self.numbers(figure)
            yield self.cells[figure.code], charts.sparkline(numbers if any(numbers) else [])

    def figures(self) -> Iterator[tuple[Figure, Cell, SafeString]]:
        for figure, (cell, line) in zip(FIGURES, self.row(), strict=True):
            yield figure, cell, line or NO_LINE

    def numbers(self, figure: Figure) -> list[int | None]:
        return [cells[figure.code].number for cells in self.months.values()]

    def charts(self) -> Iterator[tuple[Figure, SafeString, str]]:
        """Yield the figures with a chart of their own.

        If no month has a number to draw, the chart is empty, and an example of a limit follows if a month has one.
        """
        labels = [f"{month:%b %Y}" for month in self.months]
        for figure in FIGURES:
            if figure.code in CHARTED:
                cells = [cells[figure.code] for cells in self.months.values()]
                numbers = self.numbers(figure)
                texts = [_beside_line(figure, cell) for cell in cells]
                limit = next((cell.text for cell in reversed(cells) if cell.is_limit), "")
                target = charts.Target(figure.target.number, figure.target.words) if figure.target else None
                chart = charts.line_chart(numbers, labels, texts=texts, target=target)
                yield figure, chart if any(texts) else SafeString(""), limit

    def rows_of_months(self) -> Iterator[tuple[datetime.date, list[Cell]]]:
        """Yield the cells of each month, the newest first."""
        for month, cells in reversed(self.months.items()):
            yield month, list(cells.values())


def _beside_line(figure: Figure, cell: Cell) -> str:
    """Return the text next to the point of this cell, if it has one."""
    if cell.number is None:
        return ""
    return cell.text if cell.is_limit else figure.in_short(cell.number)


def table_rows(places: Iterable[Place]) -> list[list[tuple[Cell, SafeString]]]:
    """Return the cells of each place with their lines. If any in a column has a line, all others keep room for one."""
    rows = [list(place.row()) for place in places]
    has_lines = [any(line for _cell, line in column) for column in zip(*rows, strict=True)]
    return [
        [(cell, line or (NO_LINE if has else line)) for (cell, line), has in zip(row, has_lines, strict=True)]
        for row in rows
    ]


def compared_places(counted: Counted, bcus: Sequence[BoroughCommandUnit], period: str) -> list[Place]:
    """Return London and each BCU as a lead may read them.

    Each month compares all BCUs too. Otherwise the months of one would reveal what the comparison hides.
    """
    now = compare(counted.of(period), bcus)
    months = {month: compare(counted.of(month_code(month)), bcus) for month in months_over(counted.at)}
    return [
        Place(
            bcu.code if bcu else LONDON,
            bcu.name if bcu else "All of London",
            bcu,
            now.cells_of(bcu),
            {month: comparison.cells_of(bcu) for month, comparison in months.items()},
        )
        for bcu in (None, *bcus)
    ]


def exact_place(counted: Counted, bcu: BoroughCommandUnit, period: str) -> Place:
    """Return the figures of a BCU as its inspector may read them."""
    months = {month: exact_cells(counted.of(month_code(month)), bcu) for month in months_over(counted.at)}
    return Place(bcu.code, bcu.name, bcu, exact_cells(counted.of(period), bcu), months)


def in_order(places: Iterable[Place], code: str) -> list[Place]:
    """Return London, then the BCUs: by name, or the highest number first. Hidden ones come last, by name."""
    london, *bcus = places
    if code:
        bcus.sort(key=lambda place: -place.cells[code].rank)
    return [london, *bcus]
