"""The banner that tells the requester what her last press did."""

import pytest
from django.test import Client
from django.urls import reverse

from bookings.manage.banners import BANNERS, SHOWN_ON_PAGES
from bookings.permissions import RequesterAction
from bookings.statuses import Channel
from tests.support.discreet_search import revealing_words
from tests.support.factories import BookingFactory, scheduled_booking
from tests.support.query_counts import count_queries
from tests.support.requester_pages import PIN, create_page_link

pytestmark = pytest.mark.django_db

BANNER = 'class="done" role="alert"'


@pytest.fixture
def booked(officer, second_officer):
    return scheduled_booking([officer, second_officer])


def test_every_action_has_a_banner_or_a_page_of_its_own():
    assert set(BANNERS) | SHOWN_ON_PAGES == set(RequesterAction)
    assert set(BANNERS) & SHOWN_ON_PAGES == set()


@pytest.mark.parametrize(
    ("press", "words"),
    [
        ("cancel/", "You’ve cancelled. We’ve told the officers."),
        ("stop/", "We’ve stopped writing to you. Look here for news."),
        ("seen/", "Thank you. We know you’ve seen this."),
    ],
)
def test_page_says_once_what_the_last_press_did(press, words, client, booked):
    page = create_page_link(booked)

    after = client.post(page + press, {"version": booked.version}, follow=True).text
    again = client.get(page).text

    assert f">{words}</p>" in after
    assert after.index(BANNER) < after.index("<h1")
    assert BANNER not in again


def test_confirming_says_thank_you(client):
    page = create_page_link(BookingFactory(confirmed_at=None))

    assert "Thank you. We know it was you." in client.post(f"{page}confirm/", follow=True).text


def test_refused_press_has_no_banner(client, booked):
    page = create_page_link(booked)

    refused = client.post(f"{page}seen/", {"version": booked.version + 1})

    assert refused.status_code == 409
    assert BANNER not in refused.text


def test_banner_survives_the_pin_and_reveals_nothing_on_the_neutral_host(officer, second_officer, settings):
    booking = scheduled_booking([officer, second_officer], channel=Channel.DISCREET)
    page = create_page_link(booking).replace("/my-walk/", "/r/")
    client = Client(headers={"host": settings.DISCREET_HOST})
    client.post(page, {"pin": PIN})

    after = client.post(f"{page}cancel/", follow=True).text

    assert "You’ve cancelled. We’ve told the people you were going to meet." in after


def test_no_banner_of_the_neutral_host_is_revealing():
    banners = [banner.neutral or banner.text for banner in BANNERS.values()]

    assert revealing_words(" ".join(map(str, banners))) == []


def test_page_takes_at_most_fourteen_queries(client, booked):
    """Reading what she told us and the latest change costs one query more than the card did alone.

    That one asks whether an inspector can still undo what the page would say.
    """
    assert count_queries(client, create_page_link(booked)) <= 14


def test_page_shows_everything_she_told_us_once_she_has_confirmed(client, booked):
    contact = booked.contact
    told = {
        "route": "Through Nunhead cemetery",
        "needs_details": "A slower pace on hills",
        "phone": "07700 900123",
        "phone_times": "After 5pm",
        "weekends": True,
    }
    for name, value in told.items():
        setattr(contact, name, value)
    contact.phone_rules = ["text"]
    contact.save()
    page = reverse("manage:page", args=[create_page_link(booked).split("/")[2]])

    shown = client.get(page).text.partition("What you told us")[2]

    expected = [*(value for value in told.values() if value is not True), "or weekends", "You can text me"]
    assert [words for words in (*expected, contact.email) if words not in shown] == []
    assert "You can call me" not in shown
