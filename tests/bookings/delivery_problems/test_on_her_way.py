"""A requester whose walk we cancelled may be on her way only around the start that she knew. All pages agree on it."""

import datetime

import pytest
from django.urls import reverse

from bookings.notices.acknowledgements import acknowledge_news
from outbox.models import Message
from outbox.statuses import State
from tests.support.alerts import alerts_of
from tests.support.decisions import cancel_now
from tests.support.factories import scheduled_booking
from tests.support.requester_pages import create_page_link

pytestmark = pytest.mark.django_db

ON_HER_WAY = "She may be on her way"
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def cancelled(booked, inspector):
    """A booking that we cancelled ten days ahead, with a message that bounced."""
    cancel_now(booked, inspector)
    Message.objects.filter(kind="cancelled_by_us").update(state=State.BOUNCED)
    return booked


@pytest.fixture
def read_pages(client, inspector, time_machine, cancelled):
    def read(at):
        time_machine.move_to(at, tick=False)
        client.force_login(inspector)
        pages = [reverse("triage:booking", args=[cancelled.pk]), reverse("delivery_problems:list")]
        return [client.get(page).text for page in pages]

    return read


@pytest.mark.parametrize(
    ("minutes_before", "is_on_her_way"),
    [(10 * 24 * 60 - 60, False), (31, False), (30, True), (0, True), (-59, True), (-60, False)],
)
def test_pages_agree_whether_she_may_be_on_her_way(read_pages, cancelled, minutes_before, is_on_her_way):
    booking_page, undelivered = read_pages(cancelled.walk_needed_at - minutes_before * MINUTE)

    assert f"/staff/bookings/{cancelled.pk}/" in undelivered
    assert [ON_HER_WAY in page for page in (booking_page, undelivered)] == [is_on_her_way] * 2
    assert ["someone to" in page for page in (booking_page, undelivered)] == [is_on_her_way] * 2


def test_nobody_is_on_her_way_once_she_has_seen_it(read_pages, cancelled):
    acknowledge_news(cancelled, version=cancelled.version)

    pages = read_pages(cancelled.walk_needed_at)

    assert [ON_HER_WAY in page for page in pages] == [False, False]


def test_today_sends_nobody_ten_days_ahead(client, inspector, cancelled):
    client.force_login(inspector)

    (alert,) = alerts_of(client, "unacknowledged")

    assert not alert.is_now
    assert alerts_of(client, "attendance_needed") == []


def test_no_page_or_message_names_the_officers_of_a_cancelled_booking(client, inspector, southwark, team, booked):
    other = scheduled_booking(team, borough=southwark, walk=booked.walk)
    client.force_login(inspector)
    pages = [reverse("triage:booking", args=[booked.pk]), create_page_link(booked)]
    before = [client.get(page).text for page in pages]
    cancel_now(booked, inspector)

    after = [client.get(page).text for page in pages]

    assert all(officer.name in page for page in before for officer in team)
    assert not any(officer.name in page for page in after for officer in team)
    message = Message.objects.get(kind="cancelled_by_us")
    assert not any(officer.name in message.text + message.html for officer in team)
    assert all(officer.name in client.get(create_page_link(other)).text for officer in team)  # her walk goes on
