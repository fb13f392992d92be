"""The draft that holds a requester's answers until she sends them."""

import datetime

import pytest
from django.conf import settings

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from tests.support.drafts_and_messages import post_send_form
from tests.support.request_form import START, answer_question, complete_questions, question_address


def test_answers_cookie_is_hidden_from_scripts(client, southwark):
    complete_questions(client, until="age")

    cookie = client.cookies[settings.ANSWERS_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert Draft.objects.open(cookie.value)


@pytest.mark.parametrize("question", ["age", "area", "when", "check"])
def test_question_without_answers_redirects_to_the_start(client, db, question):
    response = client.get(question_address(question))

    assert response["Location"] == START


@pytest.mark.parametrize("question", ["when", "name", "contact", "needs", "pin", "check"])
def test_question_redirects_to_the_first_unanswered_question(at_question, question):
    client = at_question("meeting-place")

    response = client.get(question_address(question))

    assert response["Location"] == question_address("meeting-place")


def test_unknown_question_is_not_found(at_question):
    client = at_question("age")

    assert client.get("/request/shoe-size/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_timed_out_page_says_that_answers_are_deleted(at_question, method):
    client = at_question("name")
    Draft.objects.update(expires_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))

    response = getattr(client, method)(question_address("name"), {"name": "Maya"}, follow=True)

    assert response.redirect_chain == [("/request/timed-out/", 302)]
    assert "Your answers have been deleted" in response.text


def test_answer_without_a_draft_redirects_to_timed_out(client, db):
    response = answer_question(client, "name", {"name": "Maya"})

    assert response["Location"] == "/request/timed-out/"


def test_leaving_deletes_the_answers(at_question):
    client = at_question("name")

    client.get("/leave")

    assert not Draft.objects.exists()
    assert client.get(question_address("name"))["Location"] == START


def test_start_keeps_existing_answers(at_question):
    client = at_question("contact")

    response = answer_question(client, "start", {"danger": "no"})

    assert response["Location"] == question_address("contact")
    assert Draft.objects.count() == 1


def test_start_opens_a_new_request_after_sending(client, southwark):
    complete_questions(client)
    post_send_form(client)

    response = answer_question(client, "start", {"danger": "no"})

    assert response["Location"] == question_address("area")
    assert Booking.objects.count() == 1


def test_questions_show_earlier_answers(at_question):
    client = at_question("needs")

    assert 'value="Maya"' in client.get(question_address("contact")).text
    assert "Peckham Rye station, main entrance" in client.get(question_address("meeting-place")).text
    assert 'value="6:30pm"' in client.get(question_address("when")).text
