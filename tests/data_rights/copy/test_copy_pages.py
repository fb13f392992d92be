"""The requester gets her copy after her PIN or by a one-use link. Nobody else gets it."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.events import record
from bookings.manage.contact.actions import replace_email_address
from bookings.models.events import Event
from bookings.models.links import Link
from bookings.statuses import Channel, EventKind, Status
from outbox.models import Message
from tests.support.data_rights import last_link, link_to, remove_pin
from tests.support.factories import BookingFactory
from tests.support.requester_pages import PIN, create_page_link
from walkandtalk.lib import tokens

pytestmark = pytest.mark.django_db

NAME = "Maya Example"


def read_path(response):
    assert response.status_code == 302, response.text
    assert response["Location"].endswith("/copy/read/")
    return response["Location"]


def test_page_offers_copy_and_deletion(client, booking):
    page = client.get(create_page_link(booking)).text

    assert "Your details" in page
    assert "/copy/" in page
    assert "/delete/" in page


def test_copy_opens_after_the_pin_and_is_logged_as_her_own_act(client, booking):
    page = link_to("copy", booking)

    before = client.get(page).text
    copy = client.get(read_path(client.post(page, {"pin": PIN}))).text

    assert NAME not in before
    assert NAME in copy
    assert booking.events.filter(kind=EventKind.COPY_OPENED, by=None).count() == 1
    assert not booking.reads.exists()


def test_copy_asks_for_the_pin_again_within_her_half_hour(client, southwark):
    booking = BookingFactory(borough=southwark, channel=Channel.DISCREET)
    client.post(create_page_link(booking), {"pin": PIN})
    page = link_to("copy", booking)

    asked = client.get(page)
    empty = client.post(page, {"proof": "again"})
    wrong = client.post(page, {"pin": "111111"})

    assert 'name="pin"' in asked.text
    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert NAME not in asked.text + empty.text + wrong.text
    assert not booking.events.filter(kind=EventKind.COPY_OPENED).exists()


def test_copy_after_her_half_hour_needs_the_pin_only_once(client, southwark):
    page = link_to("copy", BookingFactory(borough=southwark, channel=Channel.DISCREET))

    assert read_path(client.post(page, {"pin": PIN, "proof": "again"}))


def test_copy_refuses_a_one_time_pin(client, booking):
    booking.contact.one_time_pin_hmac = tokens.pin_hmac(booking.pk, "730514")
    booking.contact.one_time_pin_expires_at = timezone.now() + timedelta(minutes=30)
    booking.contact.save()

    assert client.post(link_to("copy", booking), {"pin": "730514"}).status_code == 422


def test_wrong_pins_count_against_the_limit(client, booking):
    page = link_to("copy", booking)
    for _ in range(5):
        client.post(page, {"pin": "111111"})

    assert "Wait 15 minutes" in client.post(page, {"pin": PIN}).text


@pytest.mark.parametrize("name", ["read_copy", "download_copy"])
def test_copy_is_closed_without_proof_to_another_browser_and_after_ten_minutes(client, booking, name):
    page = link_to("copy", booking)
    token = page.split("/")[2]
    address = reverse(f"data_rights:{name}", args=[token])

    before = client.get(address)
    client.post(page, {"pin": PIN})
    opened, elsewhere = client.get(address), Client().get(address)
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        later = client.get(address)

    assert opened.status_code == 200
    assert [response.status_code for response in (before, elsewhere, later)] == [302, 302, 302]


def test_proof_for_one_booking_does_not_open_another(client, booking):
    other = BookingFactory(borough=booking.borough, contact__name="Olga Other")
    client.post(link_to("copy", booking), {"pin": PIN})

    assert client.get(link_to("read_copy", other)).status_code == 302


def test_without_a_pin_a_link_that_works_once_goes_to_her_address(client, without_pin):
    asked = client.post(link_to("copy", without_pin))
    link = last_link("copy_link")
    shown = client.get(link)
    copy = client.get(read_path(client.post(link)))
    again = client.post(link)

    assert "Check your email" in asked.text
    assert NAME not in asked.text + shown.text
    assert NAME in copy.text
    assert again.status_code == 404
    assert Message.objects.get(kind="copy_link").recipient == "maya@example.com"


def test_opening_the_link_does_not_use_it_up(client, without_pin):
    client.post(link_to("copy", without_pin))
    for _ in range(3):  # as mail scanners do
        client.get(last_link("copy_link"))

    assert read_path(client.post(last_link("copy_link")))


def test_the_link_ends_after_an_hour(client, without_pin):
    client.post(link_to("copy", without_pin))

    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert client.post(last_link("copy_link")).status_code == 404


def test_the_link_asks_for_the_pin_of_a_requester_who_has_one(client, as_inspector, booking):
    as_inspector.post(reverse("send_links:send_copy", args=[booking.pk]))
    link, hers = last_link("copy_link"), Client()

    with_the_inbox_alone = hers.post(link)
    wrong = hers.post(link, {"pin": "111111"})

    assert (with_the_inbox_alone.status_code, wrong.status_code) == (422, 422)
    assert NAME in hers.get(read_path(hers.post(link, {"pin": PIN}))).text


@pytest.mark.parametrize("purpose", [Link.Purpose.REPORT, Link.Purpose.ERASE, Link.Purpose.UNDO])
def test_no_other_link_opens_the_copy(client, without_pin, purpose):
    assert client.post(link_to("copy", without_pin, purpose)).status_code == 404


def test_a_stranger_with_a_mistyped_receipt_gets_no_copy(client, southwark):
    booking = remove_pin(BookingFactory(borough=southwark, confirmed_at=None))

    offered = client.get(create_page_link(booking)).text
    response = client.get(link_to("copy", booking))
    client.post(link_to("copy", booking))

    assert "Get a copy" not in offered
    assert response.status_code == 302
    assert not Message.objects.filter(kind="copy_link").exists()


def test_copy_is_sent_at_most_once_in_two_minutes(client, without_pin):
    client.post(link_to("copy", without_pin))
    again = client.post(link_to("copy", without_pin))

    assert "We’ve only just emailed you" in again.text
    assert Message.objects.filter(kind="copy_link").count() == 1


def test_file_has_a_neutral_name_and_the_same_content_as_the_page(client, booking):
    page = link_to("copy", booking)
    read = read_path(client.post(page, {"pin": PIN}))

    file = client.get(read.replace("read/", "appointment.json"))

    assert file["Content-Disposition"] == 'attachment; filename="appointment.json"'
    assert "no-store" in file["Cache-Control"]
    assert json.loads(file.content)["contact"]["name"] == NAME


# --- The inspector's button


def test_inspector_sends_the_link_and_sees_no_copy(as_inspector, booking, inspector):
    shown = as_inspector.get(reverse("triage:booking", args=[booking.pk])).text

    response = as_inspector.post(reverse("send_links:send_copy", args=[booking.pk]), follow=True)

    message = Message.objects.get(kind="copy_link")
    assert "Send her a link to a copy" in shown
    assert message.recipient == "maya@example.com"
    assert message.text not in response.text
    assert last_link("copy_link") not in response.text
    assert booking.events.filter(kind=EventKind.COPY_LINK_SENT, by=inspector).count() == 1


@pytest.mark.parametrize(
    "unconfirmed",
    [
        {"confirmed_at": None},
        {"contact__address_unconfirmed_since": timezone.now()},
        {"channel": Channel.NONE, "contact__email": ""},
        {"contact__messages_stopped_at": timezone.now()},
    ],
)
def test_inspector_cannot_send_a_copy_without_a_confirmed_route(as_inspector, southwark, unconfirmed):
    booking = BookingFactory(borough=southwark, **unconfirmed)

    shown = as_inspector.get(reverse("triage:booking", args=[booking.pk])).text
    response = as_inspector.post(reverse("send_links:send_copy", args=[booking.pk]))

    assert "Send her a link to a copy" not in shown
    assert response.status_code == 409
    assert "confirmed an email address" in response.text
    assert not Message.objects.exists()


@pytest.mark.parametrize("status", [Status.WAITING, Status.CANCELLED_BY_US])
def test_an_address_that_a_colleague_corrected_is_not_confirmed(as_inspector, southwark, inspector, status):
    booking = BookingFactory(borough=southwark, status=status, outcome_code="illness")
    replace_email_address(booking, "inspector@example.com", is_verified=True, by=inspector)

    response = as_inspector.post(reverse("send_links:send_copy", args=[booking.pk]))

    assert response.status_code == 409
    assert not Message.objects.filter(kind="copy_link").exists()


def test_events_of_a_copy_are_not_announced_to_staff(booking, client):
    client.post(link_to("copy", booking), {"pin": PIN})

    assert Event.objects.filter(kind=EventKind.COPY_OPENED).get().note == ""
    assert not Message.objects.exists()


def test_team_does_not_read_that_she_took_a_copy(as_inspector, booking, inspector):
    """It may be the beginning of a complaint about one of them."""
    page = reverse("triage:booking", args=[booking.pk])
    Client().post(link_to("copy", booking), {"pin": PIN})
    record(EventKind.COPY_LINK_SENT, booking=booking)

    hidden = as_inspector.get(page).text
    record(EventKind.COPY_LINK_SENT, booking=booking, by=inspector)
    of_a_colleague = as_inspector.get(page).text

    assert "Opened a copy of her details" not in hidden
    assert "Sent a link to a copy of her details" not in hidden
    assert of_a_colleague.count("Sent a link to a copy of her details") == 1
