"""Describes the addresses of the open data to programs (OpenAPI 3.1)."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from figures.open_data.columns import AREA_COLUMNS, MEASURE_COLUMNS, QUARTER_COLUMNS, QUARTER_PATTERN, Column
from figures.open_data.publication import DESCRIPTION, LICENCE, LICENCE_NAME, TITLE, about, page_address, publisher

VERSION = "1.0.0"
"""It grows with new columns and addresses (1.1.0). One that is taken away or changes its meaning would be 2.0.0."""

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}


def openapi() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": str(TITLE),
            "description": str(DESCRIPTION),
            "version": VERSION,
            "license": {"name": LICENCE_NAME, "url": LICENCE},
            "contact": {"name": publisher(), "url": page_address()},
        },
        "servers": [{"url": settings.PUBLIC_URL}],
        "paths": _paths(),
        "components": {"schemas": _schemas()},
    }


# --- Addresses --------------------------------------------------------------------------------------------------------


def _paths() -> dict[str, Any]:
    of_metadata = "text/csv; header=present"
    return {
        reverse("open_data:figures_csv"): _file("The figures of all quarters as CSV", of_metadata, TEXT),
        reverse("open_data:figures_metadata"): _file(
            "The columns of the CSV file (CSVW)", "application/csvm+json", {"type": "object"}
        ),
        reverse("open_data:figures_json"): _file(
            "The figures of all quarters as JSON", "application/json", _ref("AllFigures")
        ),
        _path_of_quarter(): _file_of_quarter(),
        reverse("open_data:improvements_json"): _file(
            "All published improvements", "application/json", _ref("Improvements")
        ),
        reverse("open_data:improvements_feed"): _file(
            "The newest improvements as a feed", "application/atom+xml", TEXT
        ),
        reverse("open_data:openapi"): _file("This description", "application/json", {"type": "object"}),
    }


def _path_of_quarter() -> str:
    return reverse("open_data:quarter_json", args=["quarter"]).replace("quarter.json", "{quarter}.json")


def _file(summary: str, media_type: str, schema: Schema) -> dict[str, Any]:
    headers = {
        "ETag": {"description": "Send it as If-None-Match to hear whether the file has changed.", "schema": TEXT},
        "Access-Control-Allow-Origin": {"required": True, "schema": {"const": "*"}},
    }
    responses = {
        "200": {"description": summary, "headers": headers, "content": {media_type: {"schema": schema}}},
        "304": {"description": "It has not changed since the ETag that was sent."},
    }
    return {"get": {"summary": summary, "responses": responses}}


def _file_of_quarter() -> dict[str, Any]:
    item = _file("The figures of one quarter as JSON", "application/json", _ref("FiguresOfQuarter"))
    item["get"]["responses"] |= {
        "400": {"description": "The address is not text.", "content": {"text/html": {}}},
        "404": {"description": "Nothing is published about such a quarter.", "content": {"text/html": {}}},
    }
    schema = {**TEXT, "pattern": f"^{QUARTER_PATTERN}$"}
    parameter = {"name": "quarter", "in": "path", "required": True, "example": "2026-Q3", "schema": schema}
    return {**item, "parameters": [parameter]}


# --- Content ----------------------------------------------------------------------------------------------------------


def _schemas() -> dict[str, Schema]:
    quarter = {**_properties(QUARTER_COLUMNS), "areas": {"type": "array", "items": _ref("Area")}}
    header = dict.fromkeys(about(), TEXT)
    return {
        "AllFigures": _object({**header, "quarters": {"type": "array", "items": _ref("Quarter")}}),
        "FiguresOfQuarter": _object({**header, **quarter}),
        "Quarter": _object(quarter),
        "Area": _object({**_properties(AREA_COLUMNS), "figures": _ref("Figures")}),
        "Figures": _object(_properties(MEASURE_COLUMNS)),
        "Improvements": _object({**header, "improvements": {"type": "array", "items": _ref("Improvement")}}),
        "Improvement": _object(_improvement()),
    }


def _improvement() -> dict[str, Schema]:
    area_code, area_name = (_described(column) for column in AREA_COLUMNS)
    return {
        "reference": {**TEXT, "pattern": "^WT-[0-9A-F]{8}$", "description": "It never changes."},
        "area_code": area_code,
        "area_name": area_name,
        "borough_code": {**TEXT, "description": "Code of the Office for National Statistics."},
        "borough_name": TEXT,
        "kind": {**TEXT, "description": "Code of what women had told us of."},
        "kind_name": TEXT,
        "words": {**TEXT, "description": "What was done."},
        "done_on": {"type": ["string", "null"], "format": "date"},
    }


def _properties(columns: Iterable[Column]) -> dict[str, Schema]:
    return {column.name: _described(column) for column in columns}


def _described(column: Column) -> Schema:
    return {**column.schema, "title": str(column.title), "description": str(column.description)}


def _object(properties: dict[str, Schema]) -> Schema:
    """Return an object with all of these properties. It may have others: users must expect new ones."""
    return {"type": "object", "required": list(properties), "properties": properties}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
