"""The pages and the command that show the figures."""

import csv
import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.statuses import Status
from figures.comparison import compare, figures_for_bcu, last_days
from figures.showing import FIGURES
from tests.support.factories import BookingFactory, in_days
from tests.support.figures import make_answered_booking, make_booking_of_past_walk
from tests.support.query_counts import count_queries

pytestmark = pytest.mark.django_db

PAGE = "figures:figures"


def test_inspector_sees_only_the_figures_of_her_bcu(client, southwark, camden, inspector):
    for _ in range(3):
        BookingFactory(borough=southwark)
    BookingFactory(borough=camden)
    client.force_login(inspector)

    page = client.get(reverse(PAGE), {"bcu": "CN"}).text

    assert "<strong>3</strong>" in page
    assert "Central North" not in page
    assert all(figure.definition[:40] in page for figure in FIGURES)


def test_lead_compares_all_bcus_without_names(client, southwark, camden, lead):
    for borough, count in ((southwark, 6), (camden, 7)):
        for _ in range(count):
            BookingFactory(borough=borough, answer_due_at=in_days(-1))
    client.force_login(lead)

    page = client.get(reverse(PAGE), {"period": "90", "bcu": "CN"}).text

    assert "<strong>13</strong>" in page
    assert "Central North, month by month" in page
    assert "Maya" not in page
    assert [words in page for words in ("Late at this moment", '<td class="govuk-table__cell">6</td>')] == [True, True]


@pytest.mark.parametrize("query", ["?period=nonsense", "?period=2026-13", "?bcu=ZZ", "?period=28&bcu=%27"])
def test_invalid_query_shows_the_last_28_days(query, client, lead, bcu):
    client.force_login(lead)

    response = client.get(reverse(PAGE) + query)

    assert response.status_code == 200
    assert "Last 28 days, BCU by BCU" in response.text


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
    compared = compare(Booking.objects.all(), [bcu, camden.bcu], last_days(28, now=timezone.now()))

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


def test_figures_for_bcu_are_exact_for_its_inspector(southwark, bcu):
    make_answered_booking(southwark, 3)

    figures = {
        exact: figures_for_bcu(Booking.objects.all(), bcu, last_days(28, now=timezone.now()), exact=exact)
        for exact in (True, False)
    }

    assert (figures[True]["requested"], figures[False]["requested"]) == ("1", "fewer than 5")
