"""What a person is told of their own account."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import SecurityEvent
from outbox.models import Message
from tests.support.factories import PASSWORD
from tests.support.proposals import change_by_two

pytestmark = pytest.mark.django_db

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


def sign_in(client, officer):
    client.post("/staff/sign-in/", {"username": officer.email, "password": PASSWORD}, headers={"user-agent": EDGE})


def told(officer):
    return [message.kind for message in Message.objects.order_by("number") if message.recipient == officer.email]


def test_sign_in_in_another_browser_is_told_once(inspector):
    own = Client()
    sign_in(own, inspector)
    assert told(inspector) == []  # the first one ever

    other = Client()
    sign_in(other, inspector)
    other.post("/staff/sign-out/")
    sign_in(other, inspector)
    own.post("/staff/sign-out/")
    sign_in(own, inspector)

    assert told(inspector) == ["account_new_browser"]
    message = Message.objects.get()
    assert "Edge on Windows" in message.text
    assert inspector.name not in message.subject


def test_new_calendar_address_is_told_and_logged(client, officer):
    client.force_login(officer)

    client.post(reverse("walks:calendar_feed"))

    assert told(officer) == ["account_calendar_address"]
    assert SecurityEvent.objects.get(kind="feed_made").officer == officer


def test_old_address_is_told_of_a_new_one_and_access_ends(inspector):
    before = inspector.email
    own = Client()
    sign_in(own, inspector)

    change_by_two(inspector, email="new@example.com")

    assert Message.objects.get(kind="account_address_changed").recipient == before
    assert own.get("/staff/keys/").status_code == 302
