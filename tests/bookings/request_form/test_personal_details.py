"""The questions about the requester: her name, contact, PIN and needs."""

import pytest

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from tests.support.drafts_and_messages import CHECK, post_send_form
from tests.support.request_form import answer_question, complete_questions, question_address, request_answers


@pytest.mark.parametrize("name", ["مريم العلي", "Zoë O’Brien-Smith", "🌙 Maya 🌙", "<b>Maya</b>", "{{ 7 }}", "null"])
def test_name_may_be_any_name(at_question, name):
    client = at_question("contact")

    answer_question(client, "contact", request_answers()["contact"] | {"name": name})
    answer_question(client, "needs", request_answers()["needs"])
    page = client.get(CHECK).text
    post_send_form(client)

    assert Booking.objects.get().contact.name == name
    assert "<b>Maya</b>" not in page


@pytest.mark.parametrize(
    ("name", "sentence"),
    [(" ", "Enter what we should call you"), ("x" * 10_000, "Name must be 100 characters or fewer")],
)
def test_name_shows_errors(at_question, name, sentence):
    client = at_question("contact")

    response = answer_question(client, "contact", EMAIL | {"name": name})

    assert response.status_code == 422
    assert sentence in response.text
    assert name.strip() in response.text


@pytest.mark.parametrize("name", ["Ma%00ya", "Ma%ED%A0%80ya"])
def test_invalid_unicode_is_refused(at_question, name):
    client = at_question("contact")

    response = client.post(
        question_address("contact"), f"name={name}", content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 400
    assert "name" not in Draft.objects.get().answers


LONG_EMAIL = f"maya@{'.'.join(['a' * 60] * 4)}.example.com"
EMAIL = {"channel": "full", "email": "maya@example.com"}


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Select how we may email you"),
        ({"channel": "full"}, "Enter your email address, or choose “Don’t email me”"),
        ({"channel": "discreet", "email": ""}, "Enter your email address, or choose “Don’t email me”"),
        ({"channel": "full", "email": "maya"}, "Enter an email address in the right form"),
        ({"channel": "full", "email": "a" * 10_000 + "@example.com"}, "Enter an email address in the right form"),
        (
            {"channel": "full", "email": LONG_EMAIL},
            "Email address must be 254 characters or fewer",
        ),
        (EMAIL | {"phone": "call me"}, "Enter a phone number, like"),
        (EMAIL | {"phone": "0770"}, "Enter a phone number, like"),
        (EMAIL | {"phone": "0" * 10_000}, "Phone number must be 40 characters or fewer"),
        (EMAIL | {"phone": "07700 900123"}, "Select what we may do with your phone number"),
        (EMAIL | {"phone_times": "x" * 10_000}, "Best times must be 200 characters or fewer"),
    ],
)
def test_contact_shows_errors_for_missing_answers(at_question, answers, sentence):
    client = at_question("contact")

    response = answer_question(client, "contact", answers)

    assert response.status_code == 422
    assert sentence in response.text
    assert "contact" not in Draft.objects.get().answers


@pytest.mark.parametrize("phone", ["07700 900123", "+44 20 7946 0123", "+33 6 12 34 56 78", "020-7946 0123"])
def test_contact_keeps_a_phone_number_as_typed(at_question, phone):
    client = at_question("contact")

    answer_question(client, "contact", EMAIL | {"name": "Maya", "phone": phone, "phone_rules": ["text"]})

    assert Draft.objects.get().answers["contact"]["phone"] == phone


def test_contact_shows_how_emails_look_on_a_locked_phone(at_question):
    page = at_question("contact").get(question_address("contact")).text

    assert "<strong>Walk and Talk</strong><br>Your walk: Tuesday 8 December 2026, 6:30pm" in page
    assert "<strong>Appointments</strong><br>Your appointment" in page
    assert "No emails from us" in page


@pytest.mark.parametrize("channel", ["discreet", "none"])
def test_contact_without_private_email_redirects_to_the_pin(at_question, channel):
    response = answer_question(
        at_question("contact"), "contact", {"channel": channel, "email": "maya@example.com", "name": "Maya"}
    )

    assert response["Location"] == question_address("pin")


@pytest.mark.parametrize("pin", ["", "1234", "12345a", "000000", "123456", "654321", "121212", "123123", "9" * 10_000])
def test_pin_is_refused_if_short_or_easy(at_question, pin):
    client = at_question("contact")
    answer_question(client, "contact", {"channel": "none", "name": "Maya"})

    response = answer_question(client, "pin", {"pin": pin})

    assert response.status_code == 422
    assert "PIN" in response.text
    assert "pin" not in Draft.objects.get().answers


def test_pin_is_never_shown_again(client, southwark):
    complete_questions(client, until="needs", contact={"channel": "none", "name": "Maya"})
    answer_question(client, "pin", {"pin": "40 28 17"})
    answer_question(client, "needs", {"needs": ["nothing"]})

    page = client.get(question_address("pin")).text + client.get(CHECK).text

    assert "402817" not in page
    assert "Chosen. We don’t show it." in page


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Select what you need, or “Nothing, I’m fine”"),
        ({"needs": ["bsl", "nothing"]}, "but not both"),
        ({"needs": ["interpreter"]}, "Enter the language"),
        ({"needs": ["other"]}, "Enter what else you need"),
        ({"needs": ["a pony"]}, "Select one of the answers shown"),
        ({"needs": ["bsl"], "needs_details": "x" * 10_000}, "must be 1,000 characters or fewer"),
    ],
)
def test_needs_shows_errors_for_missing_answers(at_question, answers, sentence):
    client = at_question("needs")

    response = answer_question(client, "needs", answers)

    assert response.status_code == 422
    assert sentence in response.text
    assert "needs" not in Draft.objects.get().answers
