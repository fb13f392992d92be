"""Twenty wrong PINs in a day: the requester hears of it once, on her page and in words that fit her channel."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings.manage.actions import record_wrong_pins
from bookings.manage.jobs import report_wrong_pins
from bookings.models.wrong_pins import WrongPin
from bookings.statuses import Channel, EventKind
from outbox.models import Message
from tests.support.discreet_search import revealing_words
from tests.support.factories import BookingFactory
from tests.support.requester_pages import PIN, create_page_link
from walkandtalk.lib import london, tokens

pytestmark = pytest.mark.django_db

FIND = "/my-walk/"
TUESDAY = london.to_instant(datetime.date(2026, 12, 8), datetime.time(15))
WORDS = "Someone entered a wrong PIN 20 times on Tuesday 8 December 2026. Nobody got in that way."


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def booking(southwark):
    return BookingFactory(borough=southwark)


def enter(reference, pin="111111", *, network="203.0.113.1"):
    return Client(REMOTE_ADDR=network).post(FIND, {"reference": reference, "pin": pin})


def enter_wrongly(booking, times):
    """Enter wrong PINs from as many networks as needed: five tries from each."""
    for number in range(times):
        enter(booking.reference, network=f"203.0.113.{number // 5}")


def notices():
    return [message for message in Message.objects.all() if message.kind == "wrong_pins"]


def told(booking):
    return sorted(event.code for event in booking.events.filter(kind=EventKind.WRONG_PINS))


@pytest.mark.parametrize(("times", "days"), [(19, []), (20, ["2026-12-08"])])
def test_requester_is_told_of_twenty_wrong_pins_from_several_networks(times, days, booking):
    enter_wrongly(booking, times)

    report_wrong_pins(timezone.now())

    assert told(booking) == days
    assert [message.recipient for message in notices()] == [booking.contact.email] * len(days)


def test_page_says_what_happened_and_what_she_can_do(booking, client):
    enter_wrongly(booking, 20)
    report_wrong_pins(timezone.now())

    link = create_page_link(booking)
    page = client.get(link)

    assert WORDS in page.text
    assert "Your PIN still works." in page.text
    assert f'href="{reverse("manage:freeze", args=[link.split("/")[-2]])}"' in page.text


def test_wrong_pins_never_lock_her_out(booking):
    enter_wrongly(booking, 25)
    report_wrong_pins(timezone.now())

    assert enter(booking.reference, PIN, network="198.51.100.7").status_code == 302


def test_notice_comes_once_a_day(booking, on_tuesday):
    enter_wrongly(booking, 20)
    for _run in range(2):
        report_wrong_pins(timezone.now())
    enter_wrongly(booking, 25)
    report_wrong_pins(timezone.now())
    on_tuesday.shift(datetime.timedelta(days=1))
    enter_wrongly(booking, 20)
    report_wrong_pins(timezone.now())

    assert told(booking) == ["2026-12-08", "2026-12-09"]
    assert len(notices()) == 2


def test_requester_who_was_told_is_not_looked_at_again(booking):
    """Otherwise the bookings that are attacked most would fill every run of the job."""
    enter_wrongly(booking, 20)
    report_wrong_pins(timezone.now())

    with CaptureQueriesContext(connection) as queries:
        report_wrong_pins(timezone.now())

    assert [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]] == []


@pytest.mark.parametrize("erased_at", [None, timezone.now()])
def test_action_looks_again_once_it_holds_the_booking(erased_at, booking):
    record_wrong_pins(booking, day=TUESDAY.date())
    booking.erased_at = erased_at
    booking.save()

    record_wrong_pins(booking, day=TUESDAY.date())
    record_wrong_pins(booking, day=TUESDAY.date() + datetime.timedelta(days=1))

    assert told(booking) == ["2026-12-08"] + ["2026-12-09"] * (erased_at is None)


def test_tries_just_before_midnight_are_reported_after_it_and_days_are_not_added_up(booking, southwark, on_tuesday):
    other = BookingFactory(borough=southwark)
    on_tuesday.move_to(london.to_instant(datetime.date(2026, 12, 8), datetime.time(23, 59)))
    enter_wrongly(booking, 20)
    enter_wrongly(other, 10)
    on_tuesday.shift(datetime.timedelta(minutes=2))
    enter_wrongly(other, 10)

    report_wrong_pins(timezone.now())

    assert told(booking) == ["2026-12-08"]
    assert told(other) == []


@pytest.mark.parametrize("channel", [Channel.FULL, Channel.DISCREET])
def test_notice_fits_her_channel_and_has_no_link_to_her_page(channel, southwark):
    booking = BookingFactory(borough=southwark, channel=channel)
    enter_wrongly(booking, 20)

    report_wrong_pins(timezone.now())

    (notice,) = notices()
    assert ("20 times" in notice.text) == (channel == Channel.FULL)
    if channel == Channel.DISCREET:
        assert revealing_words(notice.subject + notice.text) == []
    assert [link.purpose for link in booking.links.all()] == ["freeze"]


def unsafe(booking):
    return {"unsafe_email_hmac": tokens.index_hmac(booking.contact.email)}


@pytest.mark.parametrize(
    ("booking_fields", "contact_fields"),
    [
        ({"channel": Channel.NONE}, lambda booking: {}),
        ({}, lambda booking: {"messages_stopped_at": timezone.now()}),
        ({}, unsafe),
        ({"confirmed_at": None}, lambda booking: {}),
        ({}, lambda booking: {"address_unconfirmed_since": timezone.now()}),
        ({"frozen_at": timezone.now()}, lambda booking: {}),
    ],
    ids=["no email", "stopped", "unsafe inbox", "not confirmed", "new address", "frozen"],
)
def test_her_page_alone_says_it_where_no_notice_may_go(booking_fields, contact_fields, southwark):
    booking = BookingFactory(borough=southwark, **booking_fields)
    for name, value in contact_fields(booking).items():
        setattr(booking.contact, name, value)
    booking.contact.save()
    enter_wrongly(booking, 20)

    report_wrong_pins(timezone.now())

    assert told(booking) == ["2026-12-08"]
    assert notices() == []


def test_unknown_reference_is_counted_alike_and_reported_to_nobody(booking):
    for number in range(20):
        enter("0123456789ABC", network=f"203.0.113.{number // 5}")

    report_wrong_pins(timezone.now())

    assert WrongPin.objects.count() == 20
    assert not Message.objects.exists()


def test_erased_booking_is_left_alone(booking):
    enter_wrongly(booking, 20)
    booking.erased_at = timezone.now()
    booking.save()

    report_wrong_pins(timezone.now())

    assert told(booking) == []


def test_tries_that_were_paused_are_not_counted(booking):
    for _try in range(30):
        enter(booking.reference)

    assert WrongPin.objects.count() == 5


def test_old_tries_are_forgotten(booking, on_tuesday):
    enter_wrongly(booking, 3)
    on_tuesday.shift(datetime.timedelta(days=2))

    report_wrong_pins(timezone.now())

    assert not WrongPin.objects.exists()
