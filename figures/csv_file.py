"""The page of figures as a CSV file. An empty cell is a number that the page doesn't show."""

import csv
import io
from collections.abc import Iterable, Iterator

from figures.periods import month_code
from figures.showing import FIGURES
from figures.table import Place
from walkandtalk.lib.csv_cells import safe_cell

COLUMNS = ("period", "bcu_code", "bcu", *(figure.column for figure in FIGURES))
"""Other people's spreadsheets read these names. Add new ones at the end, and change none."""


def csv_text(places: Iterable[Place], period: str) -> str:
    """Return a row for each place in the chosen period, then one for each of the last twelve months."""
    shown = list(places)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for place in shown:
        writer.writerow(_row(place, period, [place.cells[figure.code].number for figure in FIGURES]))
    for place in shown:
        writer.writerows(_months(place))
    return file.getvalue()


def _months(place: Place) -> Iterator[list[str]]:
    for month, cells in place.months.items():
        yield _row(place, month_code(month), [cells[figure.code].number for figure in FIGURES])


def _row(place: Place, period: str, numbers: Iterable[int | None]) -> list[str]:
    values = ("" if number is None else str(number) for number in numbers)
    return [period, safe_cell(place.code), safe_cell(place.name), *values]
