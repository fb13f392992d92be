import csv
import logging
from pathlib import Path

import pytest

from boroughs.geography import postcodes
from boroughs.geography.postcodes import Location, locate

with (Path(__file__).parents[2] / "data" / "checks.csv").open(encoding="utf-8", newline="") as file:
    EXPECTED = list(csv.DictReader(file))


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: row["query"] or "nothing")
def test_locate_agrees_with_expected_locations(expected):
    location = locate(expected["query"])

    # In the file, the City is "london", and a postcode whose outcode is not in London is "outside-outcode".
    status = {"city": "london"}.get(location.status, location.status)
    assert status == expected["status"].removesuffix("-outcode")
    assert location.borough == expected["borough_gss"]
    if expected["outside_district"]:
        assert (location.district, location.force) == (expected["outside_district"], expected["outside_force"])


def test_locate_finds_borough_ward_and_force_in_london():
    assert locate("SE15 4QL") == Location(
        "london", borough="E09000028", ward="E05011113", force="Metropolitan Police Service"
    )


def test_locate_names_the_city_of_london_police():
    assert locate("EC2V 7HH") == Location("city", borough="E09000001", ward="E05009290", force="City of London Police")


def test_locate_names_district_and_force_just_outside_london():
    assert locate("CR3 0AA") == Location("outside", district="Tandridge", force="Surrey Police")


@pytest.mark.parametrize(
    ("postcode", "force"),
    [
        ("KT10 9NY", "Surrey Police"),
        ("EH1 1YZ", "Police Scotland"),
        ("BT1 5GS", "Police Service of Northern Ireland"),
        ("CF10 1EP", "South Wales Police"),
    ],
)
def test_locate_names_the_force_further_away(postcode, force):
    assert locate(postcode) == Location("outside", force=force)


def test_locate_does_not_recognise_an_unknown_outcode():
    assert locate("ZZ1 1AA") == Location("unknown")


def test_locate_places_a_new_postcode_if_its_sector_is_in_one_borough():
    # SE15 4ZZ is not listed, and every postcode starting with SE15 4 is in Southwark.
    assert locate("SE15 4ZZ") == Location("london", borough="E09000028", force="Metropolitan Police Service")


def test_locate_uses_the_sector_of_a_postcode_listed_without_a_place():
    # BR4 4AB is listed without a place.
    assert locate("BR4 4AB") == Location("london", borough="E09000006", force="Metropolitan Police Service")


def test_locate_does_not_guess_if_the_sector_is_in_several_boroughs():
    # SE1 7 is in Lambeth and Southwark.
    assert {locate("SE1 7PB").borough, locate("SE1 7TY").borough} == {"E09000022"}
    assert _boroughs_of_sector("SE1 7") > {"E09000022"}

    assert locate("SE1 7ZX") == Location("unknown")


def _boroughs_of_sector(sector):
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return {locate(f"{sector}{first}{second}").borough for first in letters for second in letters} - {""}


@pytest.mark.parametrize(
    "typed", ["se154ql", " SE15  4QL ", "SE15-4QL.", "ＳＥ１５ ４ＱＬ", "SE15\u00a04QL", "s e 1 5 4 q l"]
)
def test_locate_reads_postcodes_as_people_type_them(typed):
    assert locate(typed).borough == "E09000028"


@pytest.mark.parametrize(
    "typed", ["", "SE15", "4QL", "Peckham", "SE15 4QLX", "SE15 4CI", "12345", "\x00", "\ud800", "🦊", "A" * 10_000]
)
def test_locate_reports_malformed_postcodes(typed):
    assert locate(typed) == Location("malformed")


def test_location_as_json_has_null_for_unknown_values():
    assert locate("ZZ1 1AA").as_json() == {
        "status": "unknown",
        "borough": None,
        "ward": None,
        "district": None,
        "force": None,
    }


@pytest.mark.parametrize("postcode", ["SE15 4QL", "CR3 0AA", "EH1 1YZ", "ZZ1 1AA", "SE15 4"])
def test_locate_neither_keeps_nor_logs_the_postcode(postcode, caplog, capfd):
    caplog.set_level(logging.DEBUG)

    location = locate(postcode)

    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
    assert postcode.replace(" ", "") not in repr(location).replace(" ", "")


def test_warm_loads_the_files():
    postcodes._table.cache_clear()
    postcodes._outcodes.cache_clear()

    postcodes.warm()

    assert postcodes._table.cache_info().currsize == 1
    assert postcodes._outcodes.cache_info().currsize == 1
