"""Pages and messages tell nobody to do something with a password while the force's sign-in is on."""

import time

import pytest
from django.test import Client

from outbox.models import Message
from tests.support.force_provider import sign_in_with_force

pytestmark = pytest.mark.django_db

SESSIONS, FACTORS = "/staff/sessions/", "/staff/second-factor/"
CALENDAR, FORGOTTEN = "/staff/calendar/feed/", "/staff/forgotten-password/"


@pytest.fixture
def signed_in(client, provider, oid):
    provider.set_person(oid, auth_time=int(time.time()))
    sign_in_with_force(client, provider, oid)
    return client


def test_pages_for_signed_in_people_ask_for_no_password_and_no_second_factor(signed_in, settings):
    settings.REQUIRE_SECOND_FACTOR = True

    sessions, factors = signed_in.get(SESSIONS).text, signed_in.get(FACTORS).text

    assert "tell your administrator and your force’s IT service desk" in sessions
    assert "/staff/password/" not in sessions
    assert "You sign in with your force account" in factors
    assert "before you go on" not in factors


def test_forgotten_password_says_the_same_to_everyone(client, provider, inspector):
    page = client.get(FORGOTTEN).text
    emails = [inspector.email, "breakglass@example.com", "nobody@example.com"]
    answers = {client.post(FORGOTTEN, {"email": email}).text for email in emails}

    assert "You sign in with your force account" in page
    assert len(answers) == 1
    assert "with their force account" in answers.pop()


def test_messages_ask_for_no_new_password(signed_in, provider, oid):
    signed_in.post(CALENDAR)
    sign_in_with_force(Client(), provider, oid)

    texts = {message.kind: message.text for message in Message.objects.all()}

    assert sorted(texts) == ["account_calendar_address", "account_new_browser"]
    assert all("IT service desk" in text for text in texts.values())
    assert not any("change your password" in text for text in texts.values())


def test_messages_to_people_with_a_password_ask_for_a_new_one(client, officer):
    client.force_login(officer)

    client.post(CALENDAR)

    assert "change your password" in Message.objects.get().text
