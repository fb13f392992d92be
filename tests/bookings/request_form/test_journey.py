"""A request from its first page to the booking."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.statuses import Channel, EventKind
from outbox.models import Message
from tests.support.drafts_and_messages import CHECK, post_send_form, send_form_data
from tests.support.factories import WardFactory
from tests.support.request_form import (
    SENT,
    START,
    answer_question,
    complete_questions,
    date_in_days,
    preferred_time_fields,
    question_address,
    request_answers,
)
from walkandtalk.lib import london


def test_request_goes_from_the_first_page_to_a_booking(client, southwark, django_capture_on_commit_callbacks):
    places = [START]
    for question, answers in request_answers().items():
        page = client.get(places[-1])
        assert page.status_code == 200, places[-1]
        response = answer_question(client, question, answers)
        places.append(response["Location"])
    with django_capture_on_commit_callbacks(execute=False):
        response = post_send_form(client)

    booking = Booking.objects.get()
    assert places == [START, *map(question_address, list(request_answers())[1:]), CHECK]
    assert response["Location"] == SENT
    assert booking.borough == southwark
    assert booking.contact.name == "Maya"
    assert booking.contact.email == "maya@example.com"
    assert booking.contact.meeting_place == "Peckham Rye station, main entrance"
    assert [(w.date, w.start) for w in booking.preferred_times.all()] == [(date_in_days(10), datetime.time(18, 30))]
    assert [event.kind for event in booking.events.all()] == [EventKind.REQUESTED]


@pytest.mark.parametrize(
    ("source", "expected"),
    [("southwark", "southwark"), ("central-south", "central-south"), ("atlantis", ""), ("<b>", "")],
)
def test_request_records_the_poster_of_its_address(source, expected, client, southwark):
    client.post(f"{START}?from={source}", {"danger": "no"})
    for question, answers in list(request_answers().items())[1:]:
        answer_question(client, question, answers)
    post_send_form(client)

    assert Booking.objects.get().source == expected


def test_request_keeps_the_first_poster(client, southwark, camden):
    client.post(f"{START}?from=southwark", {"danger": "no"})
    client.post(f"{START}?from=camden", {"danger": "no"})

    assert Draft.objects.get().source == "southwark"


def test_request_saves_every_answer(client, southwark):
    ward = WardFactory(gss="E05011113", borough=southwark)
    needs = {"needs": ["interpreter", "slower"], "needs_details": "Somali"}
    contact = {
        "name": "Maya",
        "channel": "discreet",
        "email": "maya@example.com",
        "phone": "07700 900123",
        "phone_rules": ["text", "voicemail"],
        "phone_times": "before 5pm",
    }
    when = (
        preferred_time_fields("first", date_in_days(30))
        | preferred_time_fields("third", date_in_days(32), "midday")
        | {"also": ["weekends"]}
    )
    complete_questions(
        client,
        until="needs",
        area={"place": "SE15 4QL"},
        meeting_place={"how": "suggest"},
        when=when,
        contact=contact,
    )
    answer_question(client, "pin", {"pin": "402817"})
    answer_question(client, "needs", needs)

    post_send_form(client)

    booking = Booking.objects.get()
    contact = booking.contact
    assert booking.ward == ward
    assert (booking.channel, booking.contact.weekday_evenings, booking.contact.weekends) == (
        Channel.DISCREET,
        False,
        True,
    )
    assert [str(w) for w in booking.preferred_times.all()] == [
        f"{london.long_date(date_in_days(30))}, 6:30pm",
        f"{london.long_date(date_in_days(32))}, midday",
    ]
    assert contact.meeting_place == ""
    assert (contact.phone, contact.phone_rules, contact.phone_times) == (
        "07700 900123",
        ["text", "voicemail"],
        "before 5pm",
    )
    assert (contact.needs, contact.needs_details) == (["interpreter", "slower"], "Somali")
    assert contact.pin_hmac


def test_request_sends_one_message(client, southwark):
    complete_questions(client)

    post_send_form(client)

    message = Message.objects.get()
    assert message.recipient == "maya@example.com"


def test_request_without_email_sends_no_message(client, southwark):
    complete_questions(client, until="needs", contact={"channel": "none", "email": "maya@example.com", "name": "Maya"})
    answer_question(client, "pin", {"pin": "402817"})
    answer_question(client, "needs", {"needs": ["nothing"]})

    post_send_form(client)

    assert Booking.objects.get().contact.email == ""
    assert not Message.objects.exists()


@pytest.mark.parametrize("area", [{"place": "Southwark"}, {"place": "SE15 4QL"}])
def test_sending_a_request_takes_few_queries(client, southwark, area):
    WardFactory(gss="E05011113", borough=southwark)
    complete_questions(client, area=area)
    form = send_form_data(client)

    with CaptureQueriesContext(connection) as queries:
        client.post(CHECK, form)

    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 12  # six of them write the booking and the rows that belong to it
    assert Booking.objects.exists()


@pytest.mark.parametrize("question", [*request_answers(), "check"])
def test_question_page_takes_few_queries(at_question, question, django_assert_max_num_queries):
    client = at_question(question)
    client.get(question_address("area"))  # loads the statements, which are cached for a minute

    with django_assert_max_num_queries(2):
        response = client.get(question_address(question))

    assert response.status_code == 200
