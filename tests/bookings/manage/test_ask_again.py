"""A requester asks for another walk from the page of a closed booking, and finds her former answers."""

import pytest
from django.conf import settings

from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.drafts import Draft
from bookings.models.links import Link
from bookings.request_form.questions import first_unanswered
from bookings.statuses import Channel, Status
from boroughs.models.bcus import Borough, BoroughCommandUnit
from tests.support.drafts_and_messages import CHECK, post_send_form
from tests.support.factories import BookingFactory, in_days
from tests.support.form_data import date_data
from tests.support.markup import Markup
from tests.support.requester_pages import PIN, create_page_link
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db

KEPT = ("name", "email", "phone", "meeting_place", "needs", "needs_details", "route", "about", "companions")

QUESTIONS = ("area", "meeting-place", "name", "contact", "needs", "route", "about", "company", "passing-on")


@pytest.fixture
def closed(southwark):
    booking = BookingFactory(borough=southwark, status=Status.CANCELLED_BY_REQUESTER)
    booking.contact.route, booking.contact.about, booking.contact.companions = "Through Nunhead", ["place"], 1
    booking.contact.save()
    return booking


def link_in_message(booking):
    email = booking.contact.email
    token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=in_days(30), email=email)
    return f"/my-walk/{token}/"


def test_another_request_has_the_former_answers_and_new_dates(client, closed):
    BookingContact.objects.update(pin_hmac="")
    page = link_in_message(closed)

    offered = client.get(page).text
    started = client.post(page + "again/")
    draft = Draft.objects.get()
    client.post("/request/", {"danger": "no"})
    next_question = client.post("/request/when/", {**date_data("first_date", days=12), "first_start": "6:30pm"})
    sent = post_send_form(client)

    assert f'href="{page}again/"' in offered
    assert started["Location"] == "/request/"
    assert first_unanswered(draft.answers) == "start"
    assert not {"when", "pin", "start"} & set(draft.answers)
    assert next_question["Location"] == CHECK
    assert sent["Location"] == "/request/sent/"
    again = Booking.objects.exclude(pk=closed.pk).get()
    assert again.contact.pin_hmac == ""
    assert {name: getattr(again.contact, name) for name in KEPT} == {
        name: getattr(closed.contact, name) for name in KEPT
    }


@pytest.mark.parametrize("status", [Status.CANCELLED_BY_US, Status.CANCELLED_BY_REQUESTER])
def test_requester_whose_walk_was_cancelled_finds_her_answers_filled_in(status, client, closed, stranger):
    Booking.objects.update(status=status, channel=Channel.DISCREET, nominated_inspector=stranger)
    closed.contact.phone_rules, closed.contact.may_share_with_partners = ["call", "text"], False
    closed.contact.save()
    page = link_in_message(closed)
    client.post(page, {"pin": PIN})

    client.post(page + "again/")
    client.post("/request/", {"danger": "no"})
    client.post("/request/when/", {**date_data("first_date", days=12), "first_start": "6:30pm"})
    client.post("/request/pin/", {"pin": PIN})
    filled_in = {question: chosen_on(client.get(f"/request/{question}/")) for question in QUESTIONS}

    contact = closed.contact
    assert filled_in == {
        "area": {closed.borough.name},
        "meeting-place": {contact.meeting_place},
        "name": {contact.name},
        "contact": {"discreet", contact.name, contact.email, contact.phone, "call", "text", "after 5pm"},
        "route": {"Through Nunhead"},
        "about": {"place"},
        "company": {"1", "on"},
        "passing-on": set(),  # its answers are buttons
        "needs": {"step_free", "I use a stick."},
    }
    assert "Your answer so far: <strong>No</strong>" in client.get("/request/passing-on/").text
    assert Draft.objects.get().answers["restricted"] == {"restricted": True}


def chosen_on(response):
    """The values of the question's form that are filled in or chosen."""
    page = Markup(response.text)
    inputs = [tag for tag in page.all("input", "option") if tag.attrs.get("type") != "hidden"]
    values = {tag.attrs.get("value", "") for tag in inputs if is_filled_in(tag)}
    return {value for value in values | {tag.text.strip() for tag in page.all("textarea")} if value}


def is_filled_in(tag):
    is_choice = tag.name == "option" or tag.attrs.get("type") in ("radio", "checkbox")
    return not is_choice or "checked" in tag.attrs or "selected" in tag.attrs


def test_requester_with_a_pin_has_to_give_it(client, closed):
    page = link_in_message(closed) + "again/"

    asked, wrong = client.post(page), client.post(page, {"pin": "111111"})
    before = Draft.objects.count()
    right = client.post(page, {"pin": PIN})

    assert [asked.status_code, wrong.status_code] == [422, 422]
    assert before == 0
    assert right["Location"] == "/request/"
    assert Draft.objects.get().answers["name"] == {"name": closed.contact.name}


def test_link_of_an_unconfirmed_booking_brings_nothing_back(client, closed):
    Booking.objects.update(confirmed_at=None)
    page = link_in_message(closed)

    response = client.post(page + "again/", {"pin": PIN})

    assert response["Location"] == page
    assert not Draft.objects.exists()
    assert "again/" not in client.get(page).text


@pytest.mark.parametrize("status", [Status.WAITING, Status.NOT_MINE, Status.EXPIRED])
def test_open_and_foreign_bookings_bring_nothing_back(status, client, closed):
    Booking.objects.update(status=status)
    page = create_page_link(closed)

    response = client.post(page + "again/")

    assert response["Location"] == page
    assert not Draft.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_area_that_no_longer_takes_part_has_a_page_of_its_own(method, client, closed):
    Borough.objects.update(bcu=None)

    response = getattr(client, method)(link_in_message(closed) + "again/")

    assert f"No more walks in {closed.borough}" in response.text
    assert 'href="/areas/"' in response.text
    assert Markup(response.text).fields == []
    assert not Draft.objects.exists()


def test_area_that_takes_no_requests_for_a_while_says_until_when(client, closed):
    BoroughCommandUnit.objects.update(closed_from=london.today())
    client.post(create_page_link(closed) + "again/")
    when = client.post("/request/", {"danger": "no"})["Location"]

    response = client.get(when, follow=True)

    assert response.redirect_chain[-1][0] == "/request/closed/"
    assert "No walks there for a while" in response.text


def test_neutral_host_does_not_lead_to_the_form(client, closed):
    Booking.objects.update(channel=Channel.DISCREET)
    page, host = create_page_link(closed).replace("/my-walk/", "/r/"), {"host": settings.DISCREET_HOST}
    client.post(page, {"pin": PIN}, headers=host)

    response = client.post(page + "again/", headers=host)

    assert response["Location"] == page
    assert not Draft.objects.exists()
