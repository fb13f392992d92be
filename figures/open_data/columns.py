"""The columns of the published figures. Users rely on their names and order: new ones go to the end."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from figures.snapshots.measures import LONDON, MEASURES, Measure, Text
from figures.snapshots.rule import FEWEST, STEP

QUARTER_PATTERN = "[0-9]{4}-Q[1-4]"
AREA_PATTERN = f"{LONDON}|[A-Z]{{2}}"


@dataclass(frozen=True)
class Column:
    """A column with its type as JSON Schema and in the words of CSVW (https://www.w3.org/TR/tabular-metadata/)."""

    name: str
    title: Text
    description: Text
    schema: dict[str, Any]
    datatype: dict[str, Any]
    may_be_empty: bool = False


def _matching(name: str, title: Text, description: Text, pattern: str) -> Column:
    schema = {"type": "string", "pattern": f"^({pattern})$"}
    return Column(name, title, description, schema, {"base": "string", "format": pattern})


def _date(name: str, title: Text, description: Text) -> Column:
    datatype = {"base": "date", "format": "yyyy-MM-dd"}
    return Column(name, title, description, {"type": "string", "format": "date"}, datatype)


def _number(measure: Measure) -> Column:
    """Return the column of a figure. A count is at least as large as the rule asks, and rounded."""
    fewest, step = (0, 1) if measure.is_median else (FEWEST, STEP)
    schema = {"type": ["integer", "null"], "minimum": fewest, "multipleOf": step}
    datatype = {"base": "integer", "minimum": fewest}
    return Column(measure.code, measure.label, measure.definition, schema, datatype, may_be_empty=True)


QUARTER_COLUMNS = (
    _matching("quarter", _("Quarter"), _("Three months of London time, such as 2026-Q3."), QUARTER_PATTERN),
    _date("first_day", _("First day"), _("The first day of the quarter.")),
    _date("last_day", _("Last day"), _("The last day of the quarter.")),
    _date("published_on", _("Published on"), _("The day on which the figures of this quarter were published.")),
)
AREA_COLUMNS = (
    _matching(
        "area_code",
        _("Code of the area"),
        _("LONDON for all of London, or the two letters of a Borough Command Unit (BCU)."),
        AREA_PATTERN,
    ),
    Column(
        "area_name",
        _("Name of the area"),
        _("The name that the area has today. Go by its code: a name may change."),
        {"type": "string"},
        {"base": "string"},
    ),
)
MEASURE_COLUMNS = tuple(_number(measure) for measure in MEASURES)
COLUMNS = (*QUARTER_COLUMNS, *AREA_COLUMNS, *MEASURE_COLUMNS)
