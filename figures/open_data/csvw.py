"""Metadata of the CSV file, which says what each column means (https://www.w3.org/TR/tabular-metadata/)."""

from typing import Any

from figures.open_data.columns import COLUMNS, Column
from figures.open_data.publication import (
    DESCRIPTION,
    LANGUAGE,
    LICENCE,
    TITLE,
    attribution,
    page_address,
    publisher,
)


def figures_metadata() -> dict[str, Any]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": LANGUAGE}],
        "url": "figures.csv",
        "dc:title": str(TITLE),
        "dc:description": str(DESCRIPTION),
        "dc:publisher": {"schema:name": publisher(), "schema:url": {"@id": page_address()}},
        "dc:license": {"@id": LICENCE},
        "dc:rights": attribution(),
        "dc:language": LANGUAGE,
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True, "delimiter": ","},
        "tableSchema": {
            "columns": [_column(column) for column in COLUMNS],
            "primaryKey": ["quarter", "area_code"],
        },
    }


def _column(column: Column) -> dict[str, Any]:
    """Describe a column. Its name is among the titles, because readers compare these with the header of the file."""
    return {
        "name": column.name,
        "titles": [column.name, str(column.title)],
        "dc:description": str(column.description),
        "datatype": column.datatype,
        "required": not column.may_be_empty,
        "null": "",
    }
