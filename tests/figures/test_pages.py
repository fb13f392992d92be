"""The pages and the command that show the figures."""

import csv
import io
import json
import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import Status
from figures.comparison import compare
from figures.csv_file import COLUMNS
from figures.periods import last_days
from figures.showing import FIGURES
from figures.tallies.counted import count_period
from tests.support.factories import BookingFactory, BoroughFactory, in_days
from tests.support.figures import make_answered_booking, make_booking_of_past_walk
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

PAGE = "figures:figures"


def cells(page):
    """Return the cells of each row of a lead's table, in its order."""
    return {place.name: list(place.cells.values()) for place, _address, _row in page.context["rows"]}


def test_inspector_sees_only_the_figures_of_their_bcu(client, southwark, camden, inspector):
    BookingFactory.create_batch(3, borough=southwark)
    BookingFactory(borough=camden)
    client.force_login(inspector)

    page = client.get(reverse(PAGE), {"bcu": "CN"})

    assert page.context["place"].cells["requested"].text == "3"
    assert "Central North" not in page.text
    assert all(figure.definition[:40] in page.text for figure in FIGURES)


def test_lead_compares_all_bcus_without_names(client, southwark, camden, lead):
    for borough, number in ((southwark, 6), (camden, 7)):
        BookingFactory.create_batch(number, borough=borough, answer_due_at=in_days(-1))
    client.force_login(lead)

    page = client.get(reverse(PAGE), {"period": "90", "bcu": "CN"})

    asked = {name: row[0].text for name, row in cells(page).items()}
    assert asked == {"All of London": "13", southwark.bcu.name: "6", camden.bcu.name: "7"}
    assert "Central North, month by month" in page.text
    assert "Maya" not in page.text


def test_each_heading_opens_its_meaning_without_a_script(client, lead, bcu):
    client.force_login(lead)

    page = client.get(reverse(PAGE)).text

    for figure in FIGURES:
        assert f'popovertarget="means-{figure.code}"' in page
        assert f'id="means-{figure.code}" popover' in page


def test_order_is_by_shown_numbers_with_hidden_ones_last(client, lead, southwark, camden):
    """A hidden number must not tell its size by its place."""
    zeta, alpha = (
        BoroughFactory(bcu__code=name[0], bcu__name=name, name=name, gss=name, slug=name.lower())
        for name in ("Zeta", "Alpha")
    )
    for borough, number in ((southwark, 12), (camden, 30), (zeta, 4), (alpha, 11)):
        BookingFactory.create_batch(number, borough=borough)
    client.force_login(lead)

    page = client.get(reverse(PAGE), {"order": "requested"})

    assert [(name, row[0].text) for name, row in cells(page).items()] == [
        ("All of London", "57"),
        (camden.bcu.name, "30"),
        (southwark.bcu.name, "12"),
        ("Alpha", "–"),
        ("Zeta", "–"),
    ]
    assert [*cells(client.get(reverse(PAGE)))][1:3] == ["Alpha", camden.bcu.name]


def test_missed_targets_are_marked_in_words(client, lead, southwark, camden):
    for hours in range(20):
        make_answered_booking(southwark, 5, kept=hours < 14)
        make_answered_booking(camden, 5)
    client.force_login(lead)

    row = {
        name: next(cell for cell, figure in zip(row, FIGURES, strict=True) if figure.code == "in_time")
        for name, row in cells(client.get(reverse(PAGE))).items()
    }

    assert {name: (cell.text, cell.misses_target) for name, cell in row.items()} == {
        "All of London": ("85%", True),
        southwark.bcu.name: ("70%", True),
        camden.bcu.name: ("100%", False),
    }


@pytest.mark.parametrize("role", ["inspector", "lead"])
@pytest.mark.parametrize("period", ["28", "90"])
def test_file_has_the_numbers_of_the_page_and_no_other(role, period, request, client, southwark, camden):
    client.force_login(request.getfixturevalue(role))
    for number in range(12):
        make_answered_booking(southwark, 3, kept=number < 11)
        make_booking_of_past_walk(camden, Status.COMPLETED, days=-40 - number)
    make_answered_booking(camden, 3)

    page = client.get(reverse(PAGE), {"period": period}).context
    answer = client.get(reverse("figures:csv"), {"period": period})

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="figures-{period}.csv"'
    columns, *lines = csv.reader(io.StringIO(answer.text))
    assert tuple(columns) == COLUMNS
    places = [page["place"]] if role == "inspector" else [place for place, _address, _row in page["rows"]]
    expected = [(period, place.code, place.cells) for place in places]
    expected += [(f"{month:%Y-%m}", place.code, row) for place in places for month, row in place.months.items()]
    assert [(line[0], line[1], line[3:]) for line in lines] == [
        (code, place, [cell.value for cell in row.values()]) for code, place, row in expected
    ]


def test_columns_of_the_file_stay():
    assert COLUMNS == (
        "period",
        "bcu_code",
        "bcu",
        "requested",
        "read_in_time_percent",
        "wait_median_hours",
        "wait_9_in_10_hours",
        "answered_in_time_percent",
        "declined",
        "cancelled_by_us_percent",
        "missed_by_us",
        "not_told_percent",
        "walked_percent",
    )


def test_name_of_a_bcu_is_no_formula_in_the_file(client, lead, bcu):
    bcu.name = "=1+1"
    bcu.save()
    client.force_login(lead)

    assert ",'=1+1," in client.get(reverse("figures:csv")).text


@pytest.mark.parametrize("query", ["?period=nonsense", "?period=2026-13", "?bcu=ZZ", "?period=28&bcu=%27", "?order=x"])
def test_invalid_query_shows_the_last_28_days(query, client, lead, bcu):
    client.force_login(lead)

    response = client.get(reverse(PAGE) + query)

    assert response.status_code == 200
    assert "Last 28 days, BCU by BCU" in response.text
    assert client.get(reverse("figures:csv") + query).status_code == 200


def test_lead_reads_figures_before_there_is_a_bcu(client, lead):
    client.force_login(lead)

    assert client.get(reverse(PAGE)).status_code == 200


@pytest.mark.parametrize("role", ["inspector", "lead"])
def test_figures_page_takes_no_more_queries_for_more_rows(role, request, client, southwark, camden):
    client.force_login(request.getfixturevalue(role))
    one = count_queries(client, reverse(PAGE))
    for borough in (southwark, camden):
        for hours in range(3):
            make_answered_booking(borough, hours)
            make_booking_of_past_walk(borough, Status.COMPLETED, days=-2 - hours)

    assert count_queries(client, reverse(PAGE)) == one <= 15


def test_command_prints_the_figures_of_the_page(southwark, camden, bcu):
    for _ in range(12):
        make_answered_booking(southwark, 3)
    make_answered_booking(camden, 3)
    compared = compare(count_period(Booking.objects.all(), last_days(28, now=timezone.now())), [bcu, camden.bcu])

    said, table = io.StringIO(), io.StringIO()
    call_command("figures", stdout=said)
    call_command("figures", "--format=csv", "--period=90", stdout=table)

    report = json.loads(said.getvalue())
    assert report["figures"] == {
        "AS": compared.bcus[bcu.pk],
        "CN": compared.bcus[camden.bcu.pk],
        "London": compared.total,
    }
    assert report["figures"]["AS"]["median"] == "3 hours"
    rows = list(csv.reader(io.StringIO(table.getvalue())))
    assert rows[0] == ["bcu", *(figure.code for figure in FIGURES)]
    assert [row[0] for row in rows[1:]] == ["AS", "CN", "London"]


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("lead", ["figures:figures", "figures:concerns", "figures:walk_answers"]),
        ("lead", ["improvements:words_to_approve", "figures:improvements"]),
        ("inspector", ["figures:figures", "figures:walk_answers", "posters:list"]),
    ],
)
def test_tabs_lead_to_everything_of_a_section(who, names, client, request, bcu):
    client.force_login(request.getfixturevalue(who))
    addresses = [reverse(name) for name in names]

    for address in addresses:
        page = client.get(address).text
        tabs = page.partition('<nav class="tabs')[2].partition("</nav>")[0]
        assert sorted(re.findall(r'href="([^"]*)"', tabs)) == sorted(addresses)
        assert re.findall(r'href="([^"]*)"\s+aria-current="page"', tabs) == [address]
