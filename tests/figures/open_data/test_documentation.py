"""docs/open-data.md has every address and every column, in the words of the files."""

import re

import pytest
from django.conf import settings

from boroughs.reference import units
from figures.open_data.columns import COLUMNS
from figures.open_data.improvement_files import NEWEST_IN_FEED
from figures.open_data.openapi_description import VERSION, openapi
from figures.periods import LATE_DAYS
from figures.snapshots.rule import FEWEST, FEWEST_HIDDEN, FEWEST_WALKS, FEWEST_WOMEN, STEP


@pytest.fixture(scope="module")
def page():
    return (settings.BASE_DIR / "docs" / "open-data.md").read_text()


def rows(page, first_cell):
    """Return the rows of the table whose head begins with this cell."""
    table = page.partition(f"| {first_cell} |")[2].partition("\n\n")[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]


def test_table_has_every_column_with_its_definition(page):
    assert rows(page, "column") == [[f"`{each.name}`", str(each.title), str(each.description)] for each in COLUMNS]


def test_table_has_every_area_with_its_boroughs(page):
    _london, *areas = rows(page, "code")

    assert areas == sorted([f"`{unit.code}`", unit.name, ", ".join(unit.boroughs)] for unit in units())


def test_table_has_every_address(page):
    assert [address for address, *_rest in rows(page, "address")] == [f"`{path}`" for path in openapi()["paths"]]


def test_table_has_every_field_of_an_improvement(page):
    named = [name for names, _meaning in rows(page, "field") for name in re.findall(r"`(\w+)`", names)]

    assert named == list(openapi()["components"]["schemas"]["Improvement"]["properties"])


def test_page_says_the_rule_that_is_in_force(page):
    text = " ".join(page.split())

    weeks = {28: "four"}[LATE_DAYS]
    assert f"at least {FEWEST} events, of at least {FEWEST_WOMEN} different women, on at least {FEWEST_WALKS}" in text
    assert f"together they count at least {FEWEST_HIDDEN}" in text
    assert f"rounded to the nearest {STEP}" in text
    assert f"at least {weeks} weeks after it ended" in text
    assert f"the {NEWEST_IN_FEED} newest improvements" in text
    assert f"is {VERSION}." in text
