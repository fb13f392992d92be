"""Monthly figures for a lead must not reveal counts that are hidden in the comparison of BCUs."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from tests.support.factories import BookingFactory

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 3, 31, 23, 30, tzinfo=datetime.UTC)  # already April in London
HOUR = datetime.timedelta(hours=1)
MARCH, APRIL = datetime.date(2026, 3, 1), datetime.date(2026, 4, 1)


@pytest.fixture
def get_months(client, lead, southwark, camden):
    """Return a function that reads a BCU's months. In March Southwark has 3 requests and Camden 6, in April 0 and 6."""
    for borough, count, hours in ((southwark, 3, 1), (camden, 6, 1), (camden, 6, 0.2)):
        asked_at = NOW - hours * HOUR
        BookingFactory.create_batch(
            count, borough=borough, asked_at=asked_at, response_target__first_answered_at=asked_at
        )

    def said(code, figure="requested"):
        with time_machine.travel(NOW, tick=False):
            client.force_login(lead)
            months = client.get(reverse("figures:figures"), {"bcu": code}).context["months"]
        return next(dict(bars) for of, bars in months if of.code == figure)

    return said


def test_months_of_one_bcu_hide_counts_hidden_in_the_comparison(get_months):
    southwark, camden = get_months("AS"), get_months("CN")

    assert [southwark[month].text for month in (MARCH, APRIL)] == ["not shown", "0"]
    assert [camden[month].text for month in (MARCH, APRIL)] == ["not shown", "6"]
    assert [camden[month].width for month in (MARCH, APRIL)] == [0, 100]


def test_months_of_london_hide_counts_that_would_reveal_a_bcu(get_months):
    london = get_months("")

    assert [london[month].text for month in (MARCH, APRIL)] == ["not shown", "6"]


def test_months_of_london_have_its_own_waits(get_months, camden):
    answered = {"asked_at": NOW - 3 * HOUR, "response_target__first_answered_at": NOW - 0.2 * HOUR}
    BookingFactory.create_batch(10, borough=camden, **answered)

    waits = {code: get_months(code, "median") for code in ("", "CN", "AS")}

    assert [waits[code][APRIL].text for code in ("", "CN", "AS")] == ["3 hours", "3 hours", "too few to say"]
    assert waits[""][MARCH].text == "too few to say"
