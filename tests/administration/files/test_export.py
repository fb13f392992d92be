"""A list of people as a file: asked why, logged, without formulas, and never more than the list shows."""

import csv
import io

import pytest

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from administration.files.sheets import COLUMNS
from tests.support.factories import OfficerFactory
from tests.support.people_files import confirm, refused_lines, upload
from walkandtalk.lib.csv_cells import FORMULA_STARTS

pytestmark = pytest.mark.django_db
WHY = {"reason": "The yearly check of accounts"}


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client


def rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_export_asks_why_and_logs_it(as_administrator, administrator, officer):
    page = as_administrator.post("/staff/people/export/", {"reason": " "})
    assert "Enter why you need this list" in str(page.context["form"].errors)
    assert not SecurityEvent.objects.filter(kind=Kind.PEOPLE_EXPORTED).exists()

    found = rows(as_administrator.post("/staff/people/export/", WHY))

    event = SecurityEvent.objects.get(kind=Kind.PEOPLE_EXPORTED)
    assert (event.officer, event.count, event.reason) == (administrator, 2, WHY["reason"])
    assert {row["email"] for row in found} == {administrator.email, officer.email}


def test_export_holds_what_a_file_may_hold_and_nothing_else(as_administrator, officer):
    (row,) = [row for row in rows(as_administrator.post("/staff/people/export/", WHY)) if row["email"] == officer.email]

    assert tuple(row) == COLUMNS
    assert row == {
        "email": officer.email,
        "name": "Olive Officer",
        "rank": "PC",
        "acting": "no",
        "shoulder_number": "11AS",
        "bcu": "AS",
        "ward": "",
        "role": "Officer",
        "leads_walks": "yes",
        "signs_bsl": "no",
        "languages": "",
        "can_sign_in": "yes",
    }


def test_export_honours_the_words_and_filters_of_the_list(as_administrator, officer, inspector, lead):
    address = "/staff/people/export/?role__exact=officer&q=Olive"
    OfficerFactory(name="Olive Closed", is_active=False)
    assert as_administrator.get(address).context["count"] == 2

    found = rows(as_administrator.post(f"{address}&is_active__exact=1", WHY))

    assert [row["name"] for row in found] == ["Olive Officer"]


def test_export_of_an_unknown_filter_holds_nobody(as_administrator, officer):
    assert as_administrator.get("/staff/people/export/?bcu__id__exact=x").context["count"] == 0
    assert as_administrator.get("/staff/people/export/?password__startswith=a").status_code == 400


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_begins_a_formula(start, as_administrator, bcu):
    OfficerFactory(name=f"{start}cmd|' /C calc'!A0", languages=f"{start}1+1")

    found = rows(as_administrator.post("/staff/people/export/?role__exact=officer", WHY))

    (row,) = found
    assert row["name"] == f"'{start}cmd|' /C calc'!A0"
    assert not any(cell.startswith(FORMULA_STARTS) for cell in row.values())


def test_exported_list_imports_again_without_a_change(as_administrator, officer, inspector, second_officer):
    exported = as_administrator.post("/staff/people/export/?role__exact=officer", WHY).content

    page = upload(as_administrator, exported)

    assert refused_lines(page) == {}
    assert (page.context["plan"].people, page.context["plan"].unchanged) == ([], 2)
    assert "Something has changed" in confirm(as_administrator, page).content.decode()
