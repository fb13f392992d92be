"""What a person is told of their own account."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import SecurityEvent
from outbox.models import Message
from tests.support.factories import PASSWORD

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


def test_role_change_is_told_to_its_person(client, administrator, inspector):
    client.force_login(administrator)
    address = reverse("admin:boroughs_officer_change", args=[inspector.pk])
    form = client.get(address).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}

    client.post(address, {**typed, "role": "officer"})

    inspector.refresh_from_db()
    assert (inspector.role, told(inspector)) == ("officer", ["account_role_changed"])
    text = Message.objects.get().text
    assert "Before: inspector" in text
    assert "Now: officer" in text


def test_new_calendar_address_is_told_and_logged(client, officer):
    client.force_login(officer)

    client.post(reverse("walks:calendar_feed"))

    assert told(officer) == ["account_calendar_address"]
    assert SecurityEvent.objects.get(kind="feed_made").officer == officer


def test_old_address_is_told_of_a_new_one_and_access_ends(client, administrator, inspector):
    before = inspector.email
    own = Client()
    sign_in(own, inspector)
    client.force_login(administrator)
    address = reverse("admin:boroughs_officer_change", args=[inspector.pk])
    form = client.get(address).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}

    client.post(address, {**typed, "email": "new@example.com"})

    messages = {message.recipient: message.kind for message in Message.objects.all()}
    assert messages == {before: "account_address_changed"}
    assert own.get("/staff/keys/").status_code == 302
