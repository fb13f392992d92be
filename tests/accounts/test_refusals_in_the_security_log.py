"""Pages that aren't hers, and limits that someone has reached, in the security log (docs/rules.md#security-log)."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.limits import RateLimit, note_reached, track_reached_limits
from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from bookings.manage.actions import PIN_TRIES
from bookings.models.bookings import Booking
from bookings.statuses import Channel
from tests.support.drafts_and_messages import make_complete_draft, post_send_form
from tests.support.factories import BookingFactory
from tests.support.requester_pages import create_page_link
from tests.support.staff_addresses import staff_address

pytestmark = pytest.mark.django_db

FEED = "/feed/nobody-has-this-token.ics"


@pytest.fixture
def few_feeds(monkeypatch):
    monkeypatch.setattr("walks.feeds.actions.FEED_REQUESTS_PER_HOUR", 2)


def lines():
    return [(event.kind, event.officer, event.route) for event in SecurityEvent.objects.order_by("pk")]


@pytest.mark.parametrize("method", ["get", "post"])
def test_page_of_another_role_leaves_its_name_and_no_path(method, client, officer):
    client.force_login(officer)

    getattr(client, method)("/staff/bookings/find/?q=secret")

    assert lines() == [(Kind.FORBIDDEN, officer, "triage:find_booking")]


def test_head_of_a_page_of_another_role_leaves_a_line(client, officer):
    client.force_login(officer)

    client.head("/staff/bookings/")

    assert lines() == [(Kind.FORBIDDEN, officer, "triage:queue")]


def test_another_teams_booking_and_a_redirect_leave_no_line(client, stranger, southwark):
    client.force_login(stranger)

    client.get(staff_address("triage:booking", BookingFactory(borough=southwark)))
    client.get("/staff/")
    client.get("/admin/")

    assert lines() == []


def test_page_of_the_admin_leaves_a_line(client, administrator):
    client.force_login(administrator)

    client.post(reverse("admin:bookings_equalitycount_add"))

    assert lines() == [(Kind.FORBIDDEN, administrator, "admin:bookings_equalitycount_add")]


def test_form_without_its_csrf_token_leaves_a_line_if_somebody_is_signed_in(inspector):
    client = Client(enforce_csrf_checks=True)
    client.post("/staff/bookings/find/")
    client.force_login(inspector)

    client.post("/staff/bookings/find/")

    assert lines() == [(Kind.FORBIDDEN, inspector, "triage:find_booking")]


def test_line_of_a_403_shares_the_request_id_of_the_response(client, officer):
    client.force_login(officer)

    client.get("/staff/bookings/")

    assert SecurityEvent.objects.get().request_id is not None


def test_page_that_is_hers_writes_nothing(as_inspector):
    as_inspector.get("/staff/bookings/")  # its session and its caches are warm now

    with CaptureQueriesContext(connection) as asked:
        as_inspector.get("/staff/bookings/")

    assert not [query["sql"] for query in asked if "accounts_" in query["sql"]]


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_limit_leaves_one_line_however_often_it_refuses(few_feeds, client):
    answers = [client.get(FEED).status_code for _ in range(8)]

    assert answers == [404] * 2 + [429] * 6
    assert lines() == [(Kind.LIMIT_REACHED, None, "calendar-feed")]


def test_limit_names_the_person_who_is_signed_in(few_feeds, as_inspector, inspector):
    for _ in range(3):
        as_inspector.get(FEED)

    assert lines() == [(Kind.LIMIT_REACHED, inspector, "calendar-feed")]


def test_next_window_has_a_line_of_its_own(few_feeds, client):
    hour = timezone.now().replace(minute=10)
    for start in (hour, hour + datetime.timedelta(hours=1)):
        with time_machine.travel(start):
            for _ in range(5):
                client.get(FEED)

    assert lines() == [(Kind.LIMIT_REACHED, None, "calendar-feed")] * 2


def test_refusal_costs_the_same_work_however_many_there_were(few_feeds, client):
    def statements():
        with CaptureQueriesContext(connection) as asked:
            client.get(FEED)
        return len(asked)

    for _ in range(3):
        client.get(FEED)
    early = statements()
    for _ in range(20):
        client.get(FEED)

    assert statements() == early


def test_line_stays_though_the_request_that_was_refused_is_rolled_back(southwark, settings):
    settings.REQUESTS_PER_NETWORK_AN_HOUR = 0
    woman = Client()
    _draft, woman.cookies[settings.ANSWERS_COOKIE_NAME] = make_complete_draft()

    answers = [post_send_form(woman).status_code for _ in range(3)]

    assert answers == [429] * 3
    assert lines() == [(Kind.LIMIT_REACHED, None, "request_form:check")]
    assert Booking.objects.count() == 0


def test_wrong_pins_leave_a_line_once_they_are_paused(client):
    page = create_page_link(BookingFactory(channel=Channel.DISCREET))

    for _ in range(PIN_TRIES + 3):
        client.post(page, {"pin": "000000"})

    assert lines() == [(Kind.LIMIT_REACHED, None, "manage:page")]


def test_requester_who_asks_for_too_many_messages_leaves_a_line(client):
    page = create_page_link(BookingFactory(contact__pin_hmac=""))

    for _ in range(8):
        client.post(f"{page}message/", {"words": f"Please ring me. {timezone.now()}"})

    assert lines() == [(Kind.LIMIT_REACHED, None, "manage:message_team")]


def test_limit_is_noted_only_while_a_request_is_answered():
    limit = RateLimit("a key", datetime.timedelta(hours=1), 1)
    note_reached(limit)

    with track_reached_limits() as reached:
        note_reached(limit)

    assert reached == [limit]
