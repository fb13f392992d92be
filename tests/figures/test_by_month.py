"""Monthly figures for a lead must not reveal counts that are hidden in the comparison of BCUs."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse

from tests.support.factories import BookingFactory

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 4, 30, 23, 30, tzinfo=datetime.UTC)  # already May in London
MARCH, APRIL = datetime.date(2026, 3, 1), datetime.date(2026, 4, 1)
IN_MARCH = datetime.datetime(2026, 3, 20, 12, tzinfo=datetime.UTC)
IN_APRIL = datetime.datetime(2026, 4, 20, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def get_place(client, lead, southwark, camden):
    """Return a function that reads a BCU's months. In March Southwark has 3 requests and Camden 6, in April 0 and 6."""
    for borough, count, asked_at in ((southwark, 3, IN_MARCH), (camden, 6, IN_MARCH), (camden, 6, IN_APRIL)):
        BookingFactory.create_batch(
            count, borough=borough, asked_at=asked_at, response_target__first_answered_at=asked_at
        )

    def get(code):
        with time_machine.travel(NOW, tick=False):
            client.force_login(lead)
            return client.get(reverse("figures:figures"), {"bcu": code}).context["place"]

    return get


def texts(place, code="requested"):
    return [place.months[month][code].text for month in (MARCH, APRIL)]


def test_months_hide_counts_hidden_in_the_comparison_of_bcus(get_place):
    assert {code: texts(get_place(code)) for code in ("AS", "CN", "")} == {
        "AS": ["–", "0"],
        "CN": ["–", "6"],
        "": ["–", "6"],
    }


def test_lines_draw_only_the_months_whose_number_is_shown(get_place, client):
    place = get_place("CN")

    assert [place.months[month]["requested"].number for month in (MARCH, APRIL)] == [None, 6]
    (chart,) = [chart for figure, chart, _limit in place.charts() if figure.code == "requested"]
    assert "<circle" in chart
    assert not re.search(r"<polyline[^>]* points=\"[^\"]* 228", chart)  # where March would be


def test_chart_without_a_number_names_a_limit_if_its_table_has_one(get_place, camden):
    due = {"asked_at": IN_APRIL, "response_target__first_answer_due_at": IN_APRIL}
    for count, answered_at in ((10, IN_APRIL), (2, IN_APRIL + HOUR)):
        BookingFactory.create_batch(count, borough=camden, **due, response_target__first_answered_at=answered_at)

    place = get_place("CN")

    limits = {figure.code: limit for figure, chart, limit in place.charts() if not chart}
    assert texts(place, "in_time") == ["–", "≥ 66%"]
    assert limits["in_time"] == "≥ 66%"


def test_months_end_with_the_last_full_one(get_place):
    months = list(get_place("").months)

    assert (len(months), months[0], months[-1]) == (12, datetime.date(2025, 5, 1), APRIL)


def test_months_of_london_have_its_own_waits(get_place, camden):
    answered = {"asked_at": IN_APRIL - 3 * HOUR, "response_target__first_answered_at": IN_APRIL}
    BookingFactory.create_batch(10, borough=camden, **answered)

    assert {code: texts(get_place(code), "median") for code in ("AS", "CN", "")} == {
        "AS": ["–", "–"],
        "CN": ["–", "3 h"],
        "": ["–", "3 h"],
    }
