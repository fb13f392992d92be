"""Who opened the requester's details, as her page shows it."""

import datetime
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings import read_log
from bookings.manage.who_looked import who_looked
from bookings.models.read_log import ReadLog
from bookings.statuses import Channel, ReadReason, Status
from outbox.models import Message
from tests.support.decisions import cancel_now
from tests.support.factories import BookingFactory, ClaimFactory, InspectorFactory, scheduled_booking
from tests.support.query_counts import count_queries
from tests.support.requester_pages import PIN, create_page_link
from tests.support.staff_addresses import staff_address
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

SUMMARY = "Who opened your details"
TUESDAY = london.to_instant(datetime.date(2026, 12, 8), datetime.time(14, 10))


@pytest.fixture
def booked(southwark, officer, second_officer):
    """A confirmed booking without a PIN."""
    return scheduled_booking([officer, second_officer], borough=southwark, contact__pin_hmac="")


def look(booking, person, *, at=TUESDAY, reason=ReadReason.DECIDE, kinds=("page",)):
    return ReadLog.objects.create(officer=person, booking=booking, kinds=list(kinds), reason=reason, at=at)


def details_of(response):
    """Return the attributes and the words of the folded list."""
    folds = re.findall(r"<details([^>]*)>(.*?)</details>", response.text, re.DOTALL)
    ((attributes, content),) = [fold for fold in folds if SUMMARY in fold[1]]
    return attributes, " ".join(re.sub(r"<[^>]*>", " ", content).split())


def minutes(number):
    return datetime.timedelta(minutes=number)


# --- The reason follows from the action -------------------------------------------------------------------------------


def open_page(name):
    return lambda client, booking: client.get(reverse(name, args=[booking.pk]))


def open_walk(client, booking):
    client.get(reverse("on_the_day:walk", args=[booking.walk.pk]))


def show_number(client, booking):
    client.post(reverse("triage:reveal_phone", args=[booking.pk]))


def show_number_on_walk(client, booking):
    client.post(reverse("on_the_day:reveal_phone", args=[booking.walk.pk, booking.pk]))


@pytest.mark.parametrize(
    ("who", "press", "reason"),
    [
        ("inspector", open_page("triage:booking"), ReadReason.ARRANGE),
        ("inspector", open_page("pins:reset_pin"), ReadReason.ANSWERED_CALL),
        ("inspector", open_page("delivery_problems:correct_address"), ReadReason.CONTACT),
        ("inspector", open_walk, ReadReason.ARRANGE),
        ("inspector", show_number, ReadReason.CALL),
        ("officer", open_walk, ReadReason.ON_WALK),
        ("officer", show_number_on_walk, ReadReason.ON_WALK),
    ],
)
def test_reason_of_an_opening_follows_from_what_was_opened(who, press, reason, request, booked):
    client, person = Client(), request.getfixturevalue(who)
    ClaimFactory(booking=booked, officer=request.getfixturevalue("inspector"))
    client.force_login(person)

    with time_machine.travel(booked.walk.start_at - minutes(30), tick=False):
        client.force_login(person)
        press(client, booked)

    assert {(read.officer, read.reason) for read in ReadLog.objects.all()} == {(person, reason)}


@pytest.mark.parametrize(
    ("status", "reason"),
    [(Status.WAITING, ReadReason.DECIDE), (Status.OFFERED, ReadReason.DECIDE), (Status.DECLINED, ReadReason.REVIEW)],
)
def test_reason_to_open_a_booking_follows_from_its_status(status, reason, as_inspector, inspector, southwark):
    booking = BookingFactory(borough=southwark, status=status)
    ClaimFactory(booking=booking, officer=inspector)

    as_inspector.get(staff_address("triage:booking", booking))

    assert ReadLog.objects.get().reason == reason


def test_reading_of_the_card_and_of_a_frozen_booking_have_their_own_reasons(inspector, client, southwark, booked):
    booked.contact.phone_rules = ["call"]
    booked.contact.save()
    ClaimFactory(booking=booked, officer=inspector)
    with time_machine.travel(booked.walk.start_at - minutes(30), tick=False):
        read_log.reveal_phone(booked, by=inspector)
        read_log.record_card_read_out(booked, by=inspector)
    booked.frozen_at = timezone.now()
    booked.save()
    client.force_login(inspector)
    client.get(reverse("freeze:lift", args=[booked.pk]))

    assert [read.reason for read in ReadLog.objects.order_by("pk")][1:] == [ReadReason.CARD, ReadReason.FREEZE]


# --- Lines ------------------------------------------------------------------------------------------------------------


def test_openings_of_one_person_for_one_reason_within_an_hour_are_one_line(booked, inspector, officer):
    colleague = InspectorFactory(bcu=inspector.bcu)
    look(booked, inspector)
    look(booked, inspector, at=TUESDAY + minutes(59))
    look(booked, inspector, reason=ReadReason.CALL, kinds=["phone"])
    look(booked, colleague)
    look(booked, inspector, at=TUESDAY + minutes(60))

    looks = who_looked(booked)

    assert [(each.at, each.why) for each in looks] == [
        (TUESDAY + minutes(50), "to decide on your request"),
        (TUESDAY - minutes(10), "to decide on your request"),
        (TUESDAY - minutes(10), "to ring you"),
        (TUESDAY - minutes(10), "to decide on your request"),
    ]


def test_page_shows_rank_team_hour_and_reason_but_no_name(client, booked, inspector, officer):
    look(booked, inspector)
    look(booked, officer, reason=ReadReason.ON_WALK, at=TUESDAY + minutes(90))

    page = client.get(create_page_link(booked))

    _attributes, details = details_of(page)
    team = inspector.bcu.team_name
    assert f"PC, {team}: on your walk Tuesday 8 December 2026, between 3pm and 4pm" in details
    assert f"Inspector, {team}: to decide on your request Tuesday 8 December 2026, between 2pm and 3pm" in details
    assert inspector.name not in page.text
    assert officer.name not in details
    assert officer.shoulder_number not in details


def test_list_is_folded_and_hidden_in_print(client, booked, inspector):
    look(booked, inspector)

    attributes, _words = details_of(client.get(create_page_link(booked)))

    assert attributes.strip() == 'class="fold govuk-!-display-none-print"'


def test_list_says_that_nobody_has_opened_them(client, booked):
    assert "Nobody has opened them yet." in client.get(create_page_link(booked)).text


def test_reader_without_a_team_is_listed_by_rank(client, booked, inspector):
    look(booked, inspector)
    type(inspector).objects.filter(pk=inspector.pk).update(bcu=None, role="lead")

    assert "<p>Inspector: to decide on your request</p>" in client.get(create_page_link(booked)).text


def test_discreet_page_names_no_rank_no_team_and_no_reason(inspector, officer, southwark, second_officer, settings):
    booking = scheduled_booking([officer, second_officer], borough=southwark, channel=Channel.DISCREET)
    look(booking, inspector)
    look(booking, officer, reason=ReadReason.ON_WALK, at=TUESDAY + minutes(120))
    client = Client(headers={"host": settings.DISCREET_URL.split("//")[1]})
    page = create_page_link(booking).replace("/my-walk/", "/r/")

    client.post(page, {"pin": PIN})

    _attributes, details = details_of(client.get(page))
    assert details.count("By the person arranging your appointment") == 2
    assert "Tuesday 8 December 2026, between 2pm and 3pm" in details
    for hidden in ("Inspector", "PC", inspector.bcu.team_name, "decide", "walk"):
        assert hidden not in details


def test_list_takes_the_same_queries_for_one_opening_and_for_many(client, booked, inspector, officer, stranger):
    page = create_page_link(booked)
    look(booked, inspector)
    one = count_queries(client, page)
    for person in (inspector, officer, stranger):
        for hour in range(5):
            look(booked, person, at=TUESDAY + minutes(60 * hour))

    assert count_queries(client, page) == one


# --- Who reads the list -----------------------------------------------------------------------------------------------


def test_list_is_hidden_before_she_has_confirmed(client, inspector, southwark):
    booking = BookingFactory(borough=southwark, confirmed_at=None, contact__pin_hmac="")
    look(booking, inspector)
    page = create_page_link(booking)

    before = client.get(page).text
    client.post(page + "confirm/")

    assert SUMMARY not in before
    assert SUMMARY in client.get(page).text


@pytest.mark.parametrize("channel", [Channel.FULL, Channel.DISCREET])
def test_list_is_hidden_from_whoever_has_only_a_link_if_she_has_a_pin(channel, client, inspector, southwark):
    booking = BookingFactory(borough=southwark, channel=channel)
    look(booking, inspector)
    page = create_page_link(booking)

    by_link = client.get(page).text
    opened = client.post("/my-walk/", {"reference": booking.reference, "pin": PIN})["Location"]
    by_pin = client.get(page).text

    assert booking.contact.pin_hmac
    assert SUMMARY not in by_link
    assert SUMMARY in by_pin
    assert SUMMARY in client.get(opened).text
    assert SUMMARY not in Client().get(page).text


def test_list_is_hidden_at_a_new_address_until_it_is_confirmed(client, booked, inspector):
    look(booked, inspector)
    page = create_page_link(booked)
    booked.contact.address_unconfirmed_since = timezone.now()
    booked.contact.save()

    hidden = client.get(page).text
    booked.contact.address_unconfirmed_since = None
    booked.contact.save()

    assert SUMMARY not in hidden
    assert SUMMARY in client.get(page).text


def test_list_is_hidden_once_her_details_are_erased(client, booked, inspector):
    look(booked, inspector)
    page = create_page_link(booked)
    shown = client.get(page).text
    booked.erased_at = timezone.now()
    booked.save()

    assert SUMMARY in shown
    assert SUMMARY not in client.get(page).text


def test_no_message_says_who_looked(booked, inspector):
    look(booked, inspector, reason=ReadReason.CALL)
    cancel_now(booked, inspector)

    written = [message.text + message.html for message in Message.objects.all()]

    assert written
    assert not [text for text in written if "opened your details" in text or str(ReadReason.CALL.label) in text]
