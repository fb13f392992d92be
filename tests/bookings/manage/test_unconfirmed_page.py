"""Until the requester has confirmed, her page says no more than the message that leads there."""

import pytest
from django.utils import timezone

from bookings.manage.actions import open_by_reference
from bookings.manage.contact.actions import change_email_address
from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.permissions import RequesterAction, requester_actions
from bookings.scheduling import jobs
from bookings.statuses import Channel, Status
from outbox.models import Message
from tests.support.data_rights import last_link, remove_pin
from tests.support.factories import BookingFactory, in_days, scheduled_booking
from tests.support.requester_pages import PIN, create_page_link

pytestmark = pytest.mark.django_db

TYPED_BY_HER = {
    "name": "Maya Example",
    "meeting_place": "Peckham Rye station",
    "phone": "07700 900123",
    "needs_details": "I use a stick",
    "route": "Through Nunhead cemetery",
}


def link_in_message(booking, *, email="maya@example.com"):
    """Return the address of the page behind a link that was sent to this address."""
    token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=in_days(30), email=email)
    return f"/my-walk/{token}/"


def revealed(text):
    asked_for = ("Peckham", "6:30pm", "Step-free", "step-free", "What you told us", "Changes to your details")
    return [words for words in (*TYPED_BY_HER.values(), *asked_for) if words in text]


@pytest.fixture
def unconfirmed(southwark):
    booking = BookingFactory(borough=southwark, confirmed_at=None)
    for name, value in TYPED_BY_HER.items():
        setattr(booking.contact, name, value)
    booking.contact.needs, booking.contact.about = ["step_free"], ["place"]
    booking.contact.save()
    return booking


def test_unconfirmed_page_shows_only_what_the_receipt_says(client, unconfirmed):
    page = link_in_message(unconfirmed)

    before = client.get(page).text
    client.post(page + "confirm/")
    after = client.get(page).text

    assert revealed(before) == []
    assert unconfirmed.spoken_reference in before
    assert "Nothing is booked yet" in before
    assert "Yes, this was me" in before
    assert "This wasn’t me" in before
    assert set(TYPED_BY_HER.values()) - {TYPED_BY_HER["phone"]} <= set(revealed(after))


@pytest.mark.parametrize("page", ["change/", "map/", "calendar.ics"])
def test_pages_behind_an_unconfirmed_page_lead_back_to_it(page, client, unconfirmed):
    link = link_in_message(unconfirmed)

    responses = [client.get(link + page), client.post(link + page)] if page == "change/" else [client.get(link + page)]

    assert {response["Location"] for response in responses} == {link}
    unconfirmed.refresh_from_db()
    assert unconfirmed.confirmed_at is None


def test_pin_confirms_and_shows_everything(client, unconfirmed):
    token = open_by_reference(reference=unconfirmed.reference, pin=PIN, network="192.0.2.1").token

    text = client.get(f"/my-walk/{token}/").text

    assert "Through Nunhead cemetery" in text


def test_discreet_page_shows_everything_after_the_pin(client, unconfirmed):
    Booking.objects.update(channel=Channel.DISCREET)

    text = client.post(link_in_message(unconfirmed), {"pin": PIN}, follow=True).text

    assert "Through Nunhead cemetery" in text


def test_page_of_an_unconfirmed_walk_does_not_say_that_it_is_booked(client, southwark, team):
    booking = scheduled_booking(team, borough=southwark)
    change_email_address(booking, email="wrong@example.com", is_verified=False)

    text = client.get(link_in_message(booking, email="wrong@example.com")).text

    assert "is booked" not in text
    assert "flower stall" not in text
    assert booking.walk.live_officers()[0].name not in text
    assert "Was it you who asked?" in text


def test_page_at_a_new_address_shows_the_walk_as_its_message_does(client, southwark, team):
    """A change of time or place must reach her at once, but her needs and the officers' names wait."""
    booking = scheduled_booking(team, borough=southwark)
    need = booking.adjustments.first().how
    token = change_email_address(booking, email="new@example.com", is_verified=True)
    message = Message.objects.get(kind="scheduled")
    link = link_in_message(booking, email="new@example.com")

    at_new_address, with_pin = client.get(link).text, client.get(f"/my-walk/{token}/").text

    for words in (need, "green lantern", team[0].name, "Changes to your details"):
        assert words not in message.text, words
        assert words not in at_new_address, words
        assert words in with_pin, words
    assert "flower stall" in message.text
    assert "flower stall" in at_new_address
    assert "Maya" not in message.text
    assert client.get(link + "calendar.ics").status_code == 302
    assert client.get(link + "change/")["Location"] == link


def test_message_about_passed_times_repeats_none_to_an_unconfirmed_address(client, unconfirmed):
    unconfirmed.preferred_times.update(date=in_days(-1).date())
    Booking.objects.update(walk_needed_at=in_days(-1))

    jobs.send_times_passed_apologies(timezone.now())

    message = Message.objects.get()
    assert message.text.startswith("Hello. Every time you chose has passed")
    assert revealed(message.text + message.html) == []


def test_reader_of_a_new_address_sees_no_reports(client, southwark, team):
    booking = scheduled_booking(team, borough=southwark)
    Booking.objects.update(status=Status.COMPLETED)
    change_email_address(Booking.objects.get(), email="new@example.com", is_verified=True)
    token = Link.objects.create_token(booking, Link.Purpose.REPORT, expires_at=in_days(30), email="new@example.com")

    responses = [client.get(f"/tell-us/{token}/"), client.get(f"/tell-us/{token}/heard/")]

    assert [response.status_code for response in responses] == [200, 404]
    assert "told" not in responses[0].context


def test_new_address_is_confirmed_after_the_booking_ended_too(client, southwark):
    """Without it she could never again get a copy or have her details deleted, if she has no PIN."""
    booking = remove_pin(BookingFactory(borough=southwark, status=Status.CANCELLED_BY_US, outcome_code="illness"))
    client.post(f"{create_page_link(booking)}address/", {"email": "new@example.com"})
    page = last_link("cancelled_by_us")

    before = requester_actions(Booking.objects.get(), timezone.now())
    asked = client.get(page)
    client.post(f"{page.partition('#')[0]}confirm/")
    after = requester_actions(Booking.objects.get(), timezone.now())

    assert "Is this your new email address?" in asked.text
    assert RequesterAction.GET_COPY not in before
    assert {RequesterAction.GET_COPY, RequesterAction.CONFIRM} & after == {RequesterAction.GET_COPY}
