"""The published figures as CSV and JSON, in the same words and order."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from boroughs.models.bcus import BoroughCommandUnit
from figures.models.snapshots import Snapshot
from figures.open_data.columns import AREA_COLUMNS, COLUMNS, MEASURE_COLUMNS, QUARTER_COLUMNS, Column
from figures.open_data.publication import about
from figures.snapshots.measures import LONDON
from walkandtalk.lib.csv_cells import safe_cell

Cell = str | int | None
Row = dict[str, Cell]


def area_names() -> dict[str, str]:
    return {LONDON: "London", **dict(BoroughCommandUnit.objects.values_list("code", "name"))}


def figures_csv(snapshots: Sequence[Snapshot], names: Mapping[str, str]) -> str:
    """Return a file as RFC 4180 describes it. A number that is not published is an empty cell."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(column.name for column in COLUMNS)
    for snapshot in snapshots:
        for row in figure_rows(snapshot, names):
            writer.writerow(safe_cell(cell) if isinstance(cell, str) else cell for cell in row.values())
    return file.getvalue()


def all_figures(snapshots: Sequence[Snapshot], names: Mapping[str, str]) -> dict[str, Any]:
    return {**about(), "quarters": [_quarter(snapshot, names) for snapshot in snapshots]}


def figures_of_quarter(snapshot: Snapshot, names: Mapping[str, str]) -> dict[str, Any]:
    return {**about(), **_quarter(snapshot, names)}


def figure_rows(snapshot: Snapshot, names: Mapping[str, str]) -> list[Row]:
    """Return a row for each area of the quarter, London first. Every row has all columns, in their order."""
    quarter = snapshot.quarter
    of_quarter: Row = {
        "quarter": quarter.code,
        "first_day": quarter.first_day.isoformat(),
        "last_day": quarter.last_day.isoformat(),
        "published_on": snapshot.made_on.isoformat(),
    }
    areas = sorted(snapshot.numbers, key=lambda code: (code != LONDON, code))
    return [
        {**of_quarter, "area_code": area, "area_name": names.get(area, area), **_numbers(snapshot, area)}
        for area in areas
    ]


def _numbers(snapshot: Snapshot, area: str) -> Row:
    return {column.name: snapshot.number(area, column.name) for column in MEASURE_COLUMNS}


def _quarter(snapshot: Snapshot, names: Mapping[str, str]) -> dict[str, Any]:
    """Nest the rows, so that nothing is said twice."""
    rows = figure_rows(snapshot, names)
    areas = [{**_only(AREA_COLUMNS, row), "figures": _only(MEASURE_COLUMNS, row)} for row in rows]
    return {**_only(QUARTER_COLUMNS, rows[0]), "areas": areas}


def _only(columns: Sequence[Column], row: Row) -> Row:
    return {column.name: row[column.name] for column in columns}
