"""The page of figures as a CSV file, which says what the page says.

An empty cell is a number that is not shown. "<5" or ">=95" is a share of which only that is shown.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from figures.comparison import Cells
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
        writer.writerow(_row(place, period, place.cells))
    for place in shown:
        writer.writerows(_months(place))
    return file.getvalue()


def _months(place: Place) -> Iterator[list[str]]:
    for month, cells in place.months.items():
        yield _row(place, month_code(month), cells)


def _row(place: Place, period: str, cells: Cells) -> list[str]:
    return [period, safe_cell(place.code), safe_cell(place.name), *(cells[figure.code].value for figure in FIGURES)]
