"""An administrator signs someone out everywhere."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import SecurityEvent
from outbox.models import Message
from tests.support.password_links import send_invitation
from walks.feeds.actions import create_feed, get_feed_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_administrator(administrator):
    client = Client()
    client.force_login(administrator)
    return client


def page_for(officer):
    return reverse("sign_out:everywhere", args=[officer.pk])


def is_in(client):
    return client.get("/staff/keys/").status_code == 200


def test_administrator_signs_someone_out_everywhere(as_administrator, administrator, officer, client):
    client.force_login(officer)
    token = create_feed(officer)

    as_administrator.post(page_for(officer))

    assert not is_in(client)
    assert get_feed_owner(token, network="192.0.2.1") is None
    event = SecurityEvent.objects.get(kind="session_ended")
    assert (event.officer, event.subject) == (administrator, officer)
    message = Message.objects.order_by("number").last()
    assert (message.kind, message.recipient) == ("account_signed_out", officer.email)
    officer.refresh_from_db()
    client.force_login(officer)
    assert is_in(client)


def test_opening_the_page_signs_nobody_out(as_administrator, officer, client):
    client.force_login(officer)

    assert as_administrator.get(page_for(officer)).status_code == 200

    assert is_in(client)
    assert not SecurityEvent.objects.filter(kind="session_ended")


def test_someone_who_has_not_signed_in_yet_keeps_their_invitation(as_administrator, administrator, officer):
    link = send_invitation(officer, by=administrator)

    response = as_administrator.post(page_for(officer))

    assert response.status_code == 409
    assert "Their invitation still works." in response.text
    assert Client().get(link).status_code == 302
