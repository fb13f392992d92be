"""The page on which a requester checks and sends her request, and the page after it."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from outbox.models import Message
from tests.support.drafts_and_messages import CHECK, post_send_form, send_form_data
from tests.support.request_form import (
    SENT,
    answer_question,
    complete_questions,
    date_in_days,
    question_address,
    request_answers,
)
from walkandtalk.lib import london


def test_check_shows_each_preferred_time_with_its_weekday_and_sunset(client, southwark):
    complete_questions(client)

    page = client.get(CHECK).text

    day = date_in_days(10)
    assert f"{london.long_date(day)}, 6:30pm. It gets dark about {london.clock(london.sunset(day))}." in page


def test_check_links_to_each_answer_and_comes_back(client, southwark):
    complete_questions(client)
    changes = [row["actions"]["items"][0]["href"] for row in client.get(CHECK).context["rows"]]

    pages = {client.get(change) for change in changes}
    response = client.post("/request/name/?change", {"name": "May"})

    assert all(page.status_code == 200 and f'href="{CHECK}"' in page.text for page in pages)
    assert response["Location"] == CHECK
    assert "May" in client.get(CHECK).text


def test_check_redirects_to_the_pin_after_choosing_discreet_email(client, southwark):
    complete_questions(client)

    response = client.post(
        "/request/contact/?change", {"channel": "discreet", "email": "maya@example.com", "name": "Maya"}
    )

    assert response["Location"] == question_address("pin")
    assert post_send_form(client)["Location"] == question_address("pin")
    assert not Booking.objects.exists()


def test_check_sends_once_however_often_it_is_pressed(client, southwark):
    complete_questions(client)
    form = send_form_data(client)

    places = [client.post(CHECK, form)["Location"] for _ in range(3)]

    assert places == [SENT] * 3
    assert Booking.objects.count() == 1
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_check_pressed_20_times_concurrently_makes_one_booking(southwark):
    client = Client()
    complete_questions(client)
    cookies, form = client.cookies, send_form_data(client)

    def press(_number):
        tab = Client()
        tab.cookies = cookies
        try:
            return tab.post(CHECK, form)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        places = list(pool.map(press, range(20)))

    assert places == [SENT] * 20
    assert Booking.objects.count() == 1
    assert Message.objects.count() == 1


def test_answer_from_another_tab_after_sending_redirects_to_the_sent_page(client, southwark):
    complete_questions(client)
    post_send_form(client)

    response = answer_question(client, "name", {"name": "Someone else"})

    assert response["Location"] == SENT
    assert Draft.objects.get().answers == {}


def test_sent_page_says_what_happens_next_and_by_when(client, southwark):
    complete_questions(client)

    page = post_send_form(client, follow=True).text

    booking, message = Booking.objects.get(), Message.objects.get()
    assert booking.spoken_reference in page
    assert f"We’ll answer by <strong>{london.long_date(booking.answer_due_at)}</strong>" in page
    assert "We’ve emailed <strong>maya@example.com</strong> from <strong>Walk and Talk</strong>" in page
    assert f"“{message.subject}”" in page


def test_sent_page_without_email_says_how_to_read_our_answer(client, southwark):
    complete_questions(client, until="needs", contact={"channel": "none", "name": "Maya"})
    answer_question(client, "pin", {"pin": "402817"})
    answer_question(client, "needs", {"needs": ["nothing"]})

    page = post_send_form(client, follow=True).text

    assert "We won’t email you." in page
    assert "Keep your reference and your PIN" in page


def test_sent_page_is_closed_to_other_browsers(client, southwark):
    complete_questions(client)
    post_send_form(client)

    response = Client().get(SENT)

    assert response["Location"] == "/request/timed-out/"


def test_sent_page_before_sending_redirects_to_the_questions(at_question):
    response = at_question("contact").get(SENT)

    assert response["Location"] == question_address("contact")


def test_answers_are_never_in_an_address(client, southwark):
    for question, answers in request_answers().items():
        response = answer_question(client, question, answers)
        assert not urlsplit(response["Location"]).query
