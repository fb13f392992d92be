"""The navigation says how much waits behind each link, without naming anyone."""

import datetime
import re

import pytest
import time_machine
from django.utils import timezone

from bookings.statuses import Status
from tests.support.factories import BookingFactory, WalkFactory, scheduled_booking
from tests.support.feedback_factories import ConcernFactory, ImprovementFactory, make_completed_booking
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

BADGE = re.compile(r'>\s*([\w ]+?)\s*<span class="count"\s*>([\d+]+)<span class="govuk-visually-hidden">\s*([\w ]+)<')


@pytest.fixture
def badges(client):
    def read(person):
        client.force_login(person)
        page = client.get("/staff/calendar/").content.decode()
        return {link: (count, counted) for link, count, counted in BADGE.findall(page)}

    return read


def test_inspector_sees_what_waits_for_her_team(badges, inspector, stranger, southwark, officer, second_officer):
    BookingFactory.create_batch(2, borough=southwark)
    BookingFactory(borough=southwark, confirmed_at=None)
    BookingFactory(borough=southwark, status=Status.DECLINED)
    BookingFactory(borough=southwark, frozen_at=timezone.now())
    ConcernFactory(report__booking=make_completed_booking([officer, second_officer], borough=southwark))

    assert badges(inspector) == {"Queue": ("2", "ready to schedule"), "Concerns": ("1", "to check")}
    assert badges(stranger) == {}


def test_inspector_sees_the_walks_still_to_come_today(badges, inspector, southwark, officer, second_officer):
    noon = london.to_instant(london.today() + datetime.timedelta(days=1), datetime.time(12))
    with time_machine.travel(noon, tick=False):
        for hours in (-2, 2, 4, 14):
            start_at = noon + datetime.timedelta(hours=hours)
            walk = WalkFactory(bcu=southwark.bcu, officers=[officer, second_officer], start_at=start_at)
            scheduled_booking([officer, second_officer], borough=southwark, walk=walk)

        assert badges(inspector) == {"Walks": ("2", "still today")}


def test_high_counts_stop_at_ninety_nine(badges, inspector, southwark):
    BookingFactory.create_batch(101, borough=southwark)

    assert badges(inspector)["Queue"] == ("99+", "ready to schedule")


def test_officer_sees_her_walks_of_today_and_those_without_a_note(badges, southwark, officer, second_officer):
    noon = london.to_instant(london.today() + datetime.timedelta(days=1), datetime.time(12))
    with time_machine.travel(noon, tick=False):
        make_completed_booking([officer], borough=southwark, start_at=noon - datetime.timedelta(days=1))
        start_at = noon + datetime.timedelta(hours=2)
        walk = WalkFactory(bcu=southwark.bcu, officers=[officer], start_at=start_at)
        scheduled_booking([officer], borough=southwark, walk=walk)

        assert badges(officer) == {"Today": ("1", "without a note"), "My walks": ("1", "still today")}
        assert badges(second_officer) == {}


def test_lead_sees_no_number_of_women_because_a_total_tells_what_her_pages_hide(client, southwark, camden, lead):
    for borough in (southwark, camden):
        overdue = timezone.now() - datetime.timedelta(hours=1)
        BookingFactory.create_batch(4, borough=borough, answer_due_at=overdue)
    client.force_login(lead)

    page = client.get("/staff/figures/").text

    assert BADGE.findall(page) == []


def test_lead_sees_how_many_words_wait_for_her(client, southwark, lead, inspector, stranger):
    ImprovementFactory.create_batch(2, borough=southwark, public_words="New lamps.", words_by=inspector)
    ImprovementFactory(borough=southwark, public_words="New lamps.", words_by=lead)
    ImprovementFactory(borough=southwark, public_words="New lamps.", nominated_inspector=stranger)
    client.force_login(lead)

    assert BADGE.findall(client.get("/staff/figures/").text) == [("Improvements", "2", "words to agree to")]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/staff/figures/walks/", "Figures"),
        ("/staff/concern-figures/", "Figures"),
        ("/staff/figures/improvements/", "Improvements"),
    ],
)
def test_tab_belongs_to_one_link_wherever_its_address_begins(address, link, client, lead):
    client.force_login(lead)

    navigation = client.get(address).context["navigation"]

    assert [item.text for item in navigation if item.current] == [link]


def test_counts_take_one_query_for_each_role(
    client, inspector, officer, lead, administrator, django_assert_max_num_queries
):
    BookingFactory(borough__bcu=inspector.bcu)
    for person, address in (
        (inspector, "/staff/calendar/"),
        (officer, "/staff/calendar/"),
        (lead, "/staff/figures/"),
        (administrator, "/staff/today/administrator/"),
    ):
        client.force_login(person)
        with django_assert_max_num_queries(40) as asked:
            client.get(address)

        assert sum("AS counted" in query["sql"] for query in asked.captured_queries) == 1
