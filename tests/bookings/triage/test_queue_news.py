"""The news that an open queue is told every few seconds: new requests, and who has claimed its rows."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.read_log import ReadLog
from bookings.statuses import Need
from bookings.triage.claims.actions import claim_booking
from tests.support.factories import (
    PASSWORD,
    BookingFactory,
    ClaimFactory,
    InspectorFactory,
    in_days,
    scheduled_booking,
)
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

QUEUE, NEWS = reverse("triage:queue"), reverse("triage:queue_news")
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def colleague(inspector):
    return InspectorFactory(bcu=inspector.bcu, name="Grace Boateng")


def news_address(client, state="open", **filters):
    """Open the queue, and return the address that its script asks."""
    response = client.get(QUEUE, {"state": state, **filters})
    context = response.context
    return f"{NEWS}?{context['form'].address}&{context['known'].query_string}"


def later(minutes=1):
    return time_machine.travel(timezone.now() + minutes * MINUTE)


def test_page_names_the_address_that_its_script_asks(as_inspector, booking):
    response = as_inspector.get(QUEUE, {"state": "open"})

    assert f'data-news="{NEWS}?state=open&amp;since=' in response.text
    assert booking.pk.hex in response.text
    assert 'src="/static/queue-news.js"' in response.text


def test_nothing_is_new_at_once(as_inspector, booking):
    address = news_address(as_inspector)

    assert as_inspector.get(address).json() == {"new": "", "claims": {}}


def test_new_requests_of_her_bcu_are_counted(as_inspector, southwark, camden, booking):
    address = news_address(as_inspector)
    with later():
        for borough in (southwark, southwark, camden):
            BookingFactory(borough=borough)

    assert as_inspector.get(address).json() == {"new": "2", "claims": {}}


def test_request_is_new_to_the_first_tab_when_it_is_confirmed(as_inspector, southwark):
    booking = BookingFactory(borough=southwark, confirmed_at=None, asked_at=timezone.now() - 60 * MINUTE)
    address = news_address(as_inspector, state="ready")
    before = as_inspector.get(address).json()["new"]
    Booking.objects.filter(pk=booking.pk).update(confirmed_at=timezone.now() + MINUTE)

    assert (before, as_inspector.get(address).json()["new"]) == ("", "1")


def test_new_requests_are_counted_by_tab_and_filter(as_inspector, southwark):
    addresses = [
        news_address(as_inspector, state="ready"),
        news_address(as_inspector, state="scheduled"),
        news_address(as_inspector, needs=Need.BSL),
        news_address(as_inspector, needs="any"),
        news_address(as_inspector, time="evening"),
        news_address(as_inspector, borough=southwark.gss, unread="on"),
        news_address(as_inspector, delivery_problems="on"),
    ]
    with later():
        BookingFactory(borough=southwark, contact__needs=[Need.BSL])
        BookingFactory(borough=southwark, contact__needs=[], contact__needs_details="")

    assert [as_inspector.get(address).json()["new"] for address in addresses] == ["2", "", "1", "1", "2", "2", ""]


def test_restricted_request_is_news_for_nobody_of_the_bcu(as_inspector, southwark, stranger):
    address = news_address(as_inspector)
    with later():
        BookingFactory(borough=southwark, nominated_inspector=stranger)

    assert as_inspector.get(address).json()["new"] == ""


def test_row_says_which_colleague_has_claimed_it_since(as_inspector, colleague, southwark, booking):
    other = BookingFactory(borough=southwark)
    ClaimFactory(booking=other, officer=colleague, at=timezone.now() - MINUTE)
    address = news_address(as_inspector)
    with later():
        claim_booking(booking, by=colleague, claimed_by_id=None)
        moment = london.clock(timezone.now())

    claims = as_inspector.get(address).json()["claims"]

    assert claims == {str(booking.pk): {"by": "Inspector Grace Boateng", "at": moment}}


def test_own_claim_is_no_news(as_inspector, inspector, booking):
    address = news_address(as_inspector)
    with later():
        claim_booking(booking, by=inspector, claimed_by_id=None)

    assert as_inspector.get(address).json()["claims"] == {}


def test_rows_of_another_bcu_say_nothing(client, stranger, colleague, booking):
    client.force_login(stranger)
    ClaimFactory(booking=booking, officer=colleague)
    since = round((timezone.now() - MINUTE).timestamp())

    answer = client.get(NEWS, {"state": "open", "since": since, "rows": booking.pk.hex})

    assert answer.json() == {"new": "", "claims": {}}


@pytest.mark.parametrize(
    "known",
    [{}, {"since": ""}, {"since": "soon"}, {"since": 2**60}, {"since": -1}, {"since": 5, "rows": "1;2"}, {"rows": "x"}],
)
def test_page_that_knows_nothing_readable_hears_of_nothing_before(known, as_inspector, booking):
    answer = as_inspector.get(NEWS, {"state": "open", **known})

    assert answer.json() == {"new": "", "claims": {}}


def test_unchanged_news_is_not_sent_again(as_inspector, southwark, booking):
    address = news_address(as_inspector)
    first = as_inspector.get(address)
    second = as_inspector.get(address, headers={"If-None-Match": first["ETag"]})
    with later():
        BookingFactory(borough=southwark)

    third = as_inspector.get(address, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, second.status_code, second.content) == (200, 304, b"")
    assert (third.status_code, third.json()["new"]) == (200, "1")


@pytest.mark.parametrize("filters", [{}, {"needs": Need.STEP_FREE}, {"time": "evening", "unread": "on"}])
def test_news_takes_one_query_beside_session_and_user(filters, as_inspector, colleague, southwark, team):
    bookings = [scheduled_booking(team, borough=southwark, contact__needs=[Need.STEP_FREE]) for _ in range(1)]
    bookings += [BookingFactory(borough=southwark) for _ in range(5)]
    address = news_address(as_inspector, **filters)
    with later():
        for booking in bookings[:3]:
            ClaimFactory(booking=booking, officer=colleague)
        BookingFactory(borough=southwark, contact__needs=[Need.STEP_FREE])

    with CaptureQueriesContext(connection) as queries:
        answer = as_inspector.get(address)

    assert answer.json()["new"] == "1"
    assert len(queries) == 3, [query["sql"][:80] for query in queries]


def test_news_writes_no_line_of_the_read_log(as_inspector, southwark, booking):
    address = news_address(as_inspector, needs="any")
    lines = ReadLog.objects.count()
    with later():
        BookingFactory(borough=southwark, contact__needs=[Need.BSL])

    answer = as_inspector.get(address)

    assert answer.json()["new"] == "1"
    assert ReadLog.objects.count() == lines


def test_asking_for_news_keeps_nobody_signed_in(client, inspector, booking):
    client.post("/staff/sign-in/", {"username": inspector.email, "password": PASSWORD})
    address, began = news_address(client), timezone.now()
    answers = []

    for minutes in (5, 10, 14, 16):
        with time_machine.travel(began + minutes * MINUTE):
            answers.append(client.get(address).status_code)
    with time_machine.travel(began + 17 * MINUTE):
        page = client.get(QUEUE)

    assert answers == [200, 200, 200, 302]
    assert page["Location"].startswith("/staff/sign-in/")


def test_pages_still_keep_her_signed_in(client, inspector, booking):
    client.post("/staff/sign-in/", {"username": inspector.email, "password": PASSWORD})
    began = timezone.now()

    with time_machine.travel(began + 10 * MINUTE):
        client.get(QUEUE)
    with time_machine.travel(began + 20 * MINUTE):
        page = client.get(QUEUE)

    assert page.status_code == 200


def test_old_page_hears_of_the_last_hours_only(as_inspector, southwark):
    BookingFactory(borough=southwark, asked_at=in_days(-3), confirmed_at=in_days(-3))

    assert as_inspector.get(NEWS, {"state": "open", "since": 1}).json()["new"] == ""
