"""CSV and JSON hold the published numbers and no others, at addresses and in columns that stay."""

import csv
import datetime
import json
import re
from io import StringIO

import pytest
from django.conf import settings

from boroughs.models.bcus import BoroughCommandUnit
from figures.models.snapshots import Snapshot
from figures.open_data.dataset import dataset
from figures.snapshots.measures import MEASURES
from tests.support.published import make_snapshot_of
from tests.support.query_counts import count_queries

DATA = "/what-women-told-us/data/"
FILES = [
    f"{DATA}{name}"
    for name in (
        *("figures.csv", "figures.csv-metadata.json", "figures.json", "figures/2026-Q2.json"),
        *("improvements.json", "improvements.atom", "openapi.json"),
    )
]
HEADER = (
    "quarter,first_day,last_day,published_on,area_code,area_name,"
    "requests,walks_held,walks_cancelled_by_us,median_days_to_walk,"
    "concerns,concerns_place,concerns_transport,concerns_people,concerns_help,concerns_other,"
    "concerns_done,concerns_partly_done,concerns_not_done,median_days_to_answer,concerns_without_walk"
)
"""Users rely on these columns and their order. Add new ones at the end, and never take one away."""


@pytest.fixture
def snapshots(southwark, camden):
    bcus = [southwark.bcu.code, camden.bcu.code]
    newer = make_snapshot_of("2026-Q3", bcus, **{bcus[0]: "walks_held", "LONDON": "requests"})
    return [make_snapshot_of("2026-Q2", bcus), newer]


def read_csv(client):
    return list(csv.DictReader(StringIO(client.get(f"{DATA}figures.csv").content.decode(), newline="")))


# --- The numbers ------------------------------------------------------------------------------------------------------


def test_every_number_is_the_snapshots_in_csv_and_json(client, snapshots):
    published = {
        (snapshot.quarter.code, area, measure.code): snapshot.number(area, measure.code)
        for snapshot in snapshots
        for area in snapshot.numbers
        for measure in MEASURES
    }

    in_csv = {
        (row["quarter"], row["area_code"], each.code): row[each.code] for row in read_csv(client) for each in MEASURES
    }
    in_json = {
        (quarter["quarter"], area["area_code"], figure): number
        for quarter in client.get(f"{DATA}figures.json").json()["quarters"]
        for area in quarter["areas"]
        for figure, number in area["figures"].items()
    }

    assert in_json == published
    assert in_csv == {cell: "" if number is None else str(number) for cell, number in published.items()}
    assert len({number for number in published.values() if number}) > 40


def test_number_that_is_not_published_is_empty_and_never_a_nought(client, snapshots, southwark):
    row = next(row for row in read_csv(client) if (row["quarter"], row["area_code"]) == ("2026-Q3", southwark.bcu.code))
    areas = client.get(f"{DATA}figures/2026-Q3.json").json()["areas"]

    assert (row["walks_held"], row["concerns_without_walk"]) == ("", "")
    assert [area["figures"]["requests"] for area in areas if area["area_code"] == "LONDON"] == [None]


def test_columns_keep_their_names_and_order(client, snapshots):
    first_line = client.get(f"{DATA}figures.csv").content.decode().partition("\r\n")[0]

    assert first_line == HEADER


def test_rows_say_their_quarter_and_area_with_london_first(client, snapshots, southwark, camden):
    rows = [list(row.values())[:6] for row in read_csv(client)]

    codes = sorted([(southwark.bcu.code, southwark.bcu.name), (camden.bcu.code, camden.bcu.name)])
    days = ["2026-Q3", "2026-07-01", "2026-09-30", "2026-10-29"]
    assert rows[3:] == [[*days, *area] for area in [("LONDON", "London"), *codes]]
    assert [row[0] for row in rows] == ["2026-Q2"] * 3 + ["2026-Q3"] * 3


def test_name_that_a_spreadsheet_would_run_is_text(client, snapshots, southwark):
    BoroughCommandUnit.objects.filter(pk=southwark.bcu.pk).update(name="=cmd|' /C calc'!A0")

    names = [row["area_name"] for row in read_csv(client)]

    assert "'=cmd|' /C calc'!A0" in names


def test_quarter_stays_as_it_is_when_another_is_published(client, snapshots):
    before = client.get(f"{DATA}figures/2026-Q2.json").content
    lines = client.get(f"{DATA}figures.csv").content

    make_snapshot_of("2026-Q4")

    assert client.get(f"{DATA}figures/2026-Q2.json").content == before
    assert client.get(f"{DATA}figures.csv").content.startswith(lines)


def test_figure_that_is_newer_than_a_snapshot_is_empty(client, db):
    Snapshot.objects.create(first_day=datetime.date(2026, 4, 1), numbers={"LONDON": {"requests": 15}})

    [row] = read_csv(client)

    assert (row["requests"], row["walks_held"]) == ("15", "")


@pytest.mark.parametrize("quarter", ["2026-Q1", "2026-Q5", "2026-q2", "0000-Q1", "9999-Q4", "٢٠٢٦-Q2", "2026-Q2%0A"])
def test_unknown_quarter_is_not_found(client, snapshots, quarter):
    assert client.get(f"{DATA}figures/{quarter}.json").status_code == 404


def test_files_are_there_before_anything_is_published(client, db):
    assert client.get(f"{DATA}figures.csv").content.decode() == f"{HEADER}\r\n"
    assert client.get(f"{DATA}figures.json").json()["quarters"] == []


# --- What the metadata say --------------------------------------------------------------------------------------------


def test_csv_says_where_its_metadata_and_licence_are(client, db):
    response = client.get(f"{DATA}figures.csv")

    links = re.findall(r'<([^>]+)>; rel="(\w+)"', response["Link"])
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert links == [
        (f"{settings.PUBLIC_URL}{DATA}figures.csv-metadata.json", "describedby"),
        ("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", "license"),
    ]


def test_metadata_describe_every_cell_of_the_csv(client, snapshots):
    response = client.get(f"{DATA}figures.csv-metadata.json")
    metadata = response.json()
    columns = metadata["tableSchema"]["columns"]

    rows = read_csv(client)

    assert response["Content-Type"] == "application/csvm+json"
    assert metadata["url"] == "figures.csv"
    assert all(column["titles"][0] == column["name"] and column["dc:description"] for column in columns)
    assert [column["name"] for column in columns] == list(rows[0])
    assert [wrong for row in rows for column in columns if (wrong := fault(column, row[column["name"]]))] == []
    assert len({tuple(row[name] for name in metadata["tableSchema"]["primaryKey"]) for row in rows}) == len(rows)


def fault(column, cell):
    """Return what is wrong with this cell, read as its column says."""
    if cell == column["null"]:
        return f"{column['name']} is empty" if column["required"] else ""
    datatype = column["datatype"]
    readers = {
        "string": lambda: re.fullmatch(datatype.get("format", ".+"), cell),
        "date": lambda: datetime.date.fromisoformat(cell),
        "integer": lambda: int(cell) >= datatype["minimum"],
    }
    return "" if readers[datatype["base"]]() else f"{column['name']} is {cell}"


@pytest.mark.parametrize("cell", ["", "0", "5"])
def test_fault_finds_a_small_number(client, db, cell):
    columns = client.get(f"{DATA}figures.csv-metadata.json").json()["tableSchema"]["columns"]
    [column] = [column for column in columns if column["name"] == "requests"]

    assert bool(fault(column, cell)) == bool(cell)


def test_dataset_names_files_that_exist_and_the_time_they_cover(client, snapshots):
    element = str(dataset(snapshots[::-1]))

    described = json.loads(element.removeprefix('<script type="application/ld+json">').removesuffix("</script>"))
    addresses = [each["contentUrl"].removeprefix(settings.PUBLIC_URL) for each in described["distribution"]]
    answers = [client.get(address) for address in addresses]
    types = [answer["Content-Type"].partition(";")[0] for answer in answers]
    assert types == [each["encodingFormat"] for each in described["distribution"]]
    assert described["temporalCoverage"] == "2026-04-01/2026-09-30"
    assert described["dateModified"] == "2026-10-29"
    assert described["creator"]["name"] == "Metropolitan Police Service"
    assert "temporalCoverage" not in str(dataset([]))


# --- Every file -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", FILES)
def test_file_is_public_and_kept_by_proxies(client, snapshots, address):
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    head = client.head(address)

    assert first["Cache-Control"] == "public, max-age=300, s-maxage=10"
    assert {response["Access-Control-Allow-Origin"] for response in (first, again, head)} == {"*"}
    assert not first.cookies
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == first["Content-Type"]


@pytest.mark.parametrize("address", FILES)
def test_file_takes_few_queries_and_is_compressed(client, snapshots, address):
    response = client.get(address, headers={"accept-encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert count_queries(client, address) <= 3


def test_files_change_when_a_quarter_is_published(client, snapshots):
    before = {address: client.get(address)["ETag"] for address in FILES}

    make_snapshot_of("2026-Q4")

    changed = {address for address in FILES if client.get(address)["ETag"] != before[address]}
    assert changed == {f"{DATA}figures.csv", f"{DATA}figures.json"}


@pytest.mark.parametrize("address", FILES)
def test_file_is_not_on_the_neutral_host(client, snapshots, address):
    assert client.get(address, headers={"host": settings.DISCREET_HOST}).status_code == 404


def test_other_pages_are_closed_to_scripts_of_other_sites(client, southwark):
    for address in ("/", "/areas/", "/staff/sign-in/", "/healthz", f"{DATA}nothing.json"):
        assert "Access-Control-Allow-Origin" not in client.get(address)
