"""Telling us about a place: the form, what is kept of it, and its limits."""

import re
import uuid

import pytest
from django.conf import settings as project_settings
from django.test import Client

from bookings.request_form.actions import stay_within_limits
from bookings.statuses import Channel
from feedback.models.concerns import Concern, Report
from feedback.models.contacts import ReportContact
from feedback.models.events import ConcernEvent
from feedback.reports.actions import submit_report
from feedback.statuses import State
from outbox.models import Message
from tests.support.factories import BookingFactory
from tests.support.feedback_factories import make_report_submission
from tests.support.place_reports import ANSWERS, PIN, PLACE, hidden_fields, make_place_report, tell, the_contact
from walkandtalk.lib import tokens

SENT = "/tell-us/sent/"


def test_first_page_leads_danger_and_crime_elsewhere_first(db):
    page = Client().get("/tell-us/").text

    assert page.index('href="tel:999"') < page.index('href="tel:101"') < page.index('href="/tell-us/place/"')
    assert "you can be any age" in page
    assert "<form" not in page


@pytest.mark.parametrize("typed", ["Peckham Rye", "SE15 4QL"])
def test_area_leads_to_the_form_of_its_borough(typed, southwark):
    response = Client().post("/tell-us/place/", {"place": typed})

    assert response["Location"].startswith("/tell-us/place/southwark/?ward=E05")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("EC2V 7HH", "City of London Police look after the City"),
        ("RH1 1AA", "Surrey Police looks after it"),
    ],
)
def test_place_of_another_force_says_whom_to_tell(typed, words, southwark):
    response = Client().post("/tell-us/place/", {"place": typed})

    assert response.status_code == 200
    assert words in response.text
    assert "police.uk/streetsafe" in response.text


def test_report_is_kept_without_a_name_and_goes_to_the_team_of_the_borough(southwark):
    response = tell()

    assert response["Location"] == SENT
    report, concern = Report.objects.get(), Concern.objects.get()
    assert (report.booking, report.walk, report.borough, report.before) == (None, None, southwark, 2)
    assert (concern.bcu, concern.nominated_inspector, concern.state) == (southwark.bcu, None, State.REPORTED)
    assert (concern.kind, concern.place, concern.text, concern.consent) == (
        "lighting",
        "The path behind the library",
        "I cannot see the ground.",
        True,
    )
    assert ConcernEvent.objects.get().to_state == State.REPORTED
    contact = the_contact()
    assert (contact.channel, contact.email, contact.confirmed_at) == (Channel.FULL, "ines@example.com", None)


def test_report_without_email_gives_a_reference_and_is_confirmed(southwark):
    client = Client()

    page = client.post(
        PLACE, {**hidden_fields(client), **ANSWERS, "channel": "none", "email": "x", "pin": PIN}, follow=True
    )

    contact = the_contact()
    assert contact.spoken_reference in page.text
    assert (contact.email, contact.email_hmac, contact.confirmed_at is None) == ("", "", False)
    assert contact.pin_hmac == tokens.pin_hmac(contact.pk, PIN)
    assert not Message.objects.exists()


def test_sent_page_needs_the_browser_that_sent_it(southwark):
    client = Client()
    tell(client)

    assert the_contact().spoken_reference in client.get(SENT).text
    assert Client().get(SENT)["Location"] == "/tell-us/"


@pytest.mark.parametrize(
    ("changed", "target", "words"),
    [
        ({"place_kinds": [], "text": ""}, "#id_place_kinds", "Select what worried you, or tell us about it"),
        ({"place": ""}, "#id_place", "Enter where this was"),
        ({"channel": ""}, "#id_channel", "Select how we may tell you what came of it"),
        ({"email": ""}, "#id_email", "Enter your email address, or choose “Don’t email me”"),
        ({"email": "ines"}, "#id_email", "Enter an email address in the right form"),
        ({"channel": "discreet"}, "#id_pin", "Enter a PIN, 6 numbers"),
        ({"channel": "none", "pin": "123456"}, "#id_pin", "Choose a PIN that is harder to guess"),
    ],
)
def test_errors_keep_everything_she_typed(changed, target, words, southwark):
    response = tell(**{"pin": "730514"} | changed if "channel" not in changed else changed)

    assert response.status_code == 422
    (error,) = response.context["error_summary"]
    assert (error["href"], error["text"].startswith(words)) == (target, True)
    kept = {"place": "The path behind the library", "text": "I cannot see the ground."} | changed
    assert all(value in response.text for name, value in kept.items() if isinstance(value, str) and value)
    assert not Report.objects.exists()


def test_pin_that_she_chose_comes_back_with_the_errors(southwark):
    response = tell(place="", channel="none", pin=PIN)

    assert response.context["error_summary"] == [{"text": "Enter where this was", "href": "#id_place"}]
    assert f'value="{PIN}"' in response.text


def test_same_page_sent_twice_is_one_report_and_one_message(southwark):
    client = Client()
    form = {**hidden_fields(client), **ANSWERS}

    locations = [client.post(PLACE, form)["Location"] for _ in range(2)]
    client.post(PLACE, {**form, "text": "There is more."})

    assert locations == [SENT, SENT]
    assert (Report.objects.count(), Message.objects.count()) == (2, 2)


def test_page_sent_again_with_another_pin_is_another_report(southwark):
    """Otherwise the first PIN would count, and she would keep the wrong one."""
    client = Client()
    form = {**hidden_fields(client), **ANSWERS, "channel": "none"}

    for pin in (PIN, "730514"):
        client.post(PLACE, {**form, "pin": pin})

    assert ReportContact.objects.count() == 2


def test_inspector_reads_what_she_said_and_nothing_of_how_to_reach_her(southwark, inspector, client):
    contact = make_place_report(southwark)
    client.force_login(inspector)

    listed = client.get("/staff/concerns/").text
    opened = client.get(f"/staff/concerns/{Concern.objects.get().pk}/").text
    found = client.post("/staff/concerns/find/", {"words": contact.spoken_reference}).text

    assert all("The path behind the library" in page for page in (listed, opened, found))
    assert [page for page in (listed, opened, found) if "ines@example.com" in page] == []
    assert contact.reference not in opened


# --- One woman --------------------------------------------------------------------------------------------------------


def test_same_address_is_the_same_woman_with_and_without_a_booking(southwark):
    booking = BookingFactory(borough=southwark, contact__email="ines@example.com")
    booking.contact.email_hmac = tokens.index_hmac("ines@example.com")
    booking.contact.save()

    first = make_place_report(southwark, email="Ines@Example.com").report
    of_booking = submit_report(booking, make_report_submission(), submission=uuid.uuid4())
    second = make_place_report(southwark, text="More").report
    stranger = make_place_report(southwark, email="other@example.com").report
    nobody = [make_place_report(southwark, channel=Channel.NONE).report for _ in range(2)]

    assert len({first.person_key, of_booking.person_key, second.person_key}) == 1
    assert len({report.person_key for report in [first, stranger, *nobody]}) == 4


# --- Robots and limits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0, 3600])
def test_robots_press_keeps_the_answers_and_saves_nothing(southwark, settings, seconds):
    settings.SEND_AFTER_SECONDS = seconds
    trap = {} if seconds else {"second_subject": "Cheap watches"}

    response = tell(**trap)

    assert response.status_code == 422
    assert "We don’t have it yet. Press “Send” again" in response.text
    assert "Cheap watches" not in response.text
    assert "I cannot see the ground." in response.text
    assert not Report.objects.exists()


@pytest.mark.parametrize("stamp", ["", "x", "another page's"])
def test_page_without_its_own_stamp_asks_again_and_then_sends(stamp, southwark):
    client = Client()
    form = {**hidden_fields(client), **ANSWERS}
    other = hidden_fields(client)["rendered"] if stamp.startswith("another") else stamp

    response = client.post(PLACE, {**form, "rendered": other})
    again = client.post(PLACE, {**form, "rendered": response.context["form"]["rendered"].value()})

    assert (response.status_code, again["Location"]) == (422, SENT)


def test_network_over_the_limit_keeps_the_answers(southwark, settings):
    """Reports and requests count together, because both write to an address that someone typed."""
    settings.REQUESTS_PER_NETWORK_AN_HOUR = 1
    tell()

    limited = tell(text="Something else", email="other@example.com")
    elsewhere = tell(Client(REMOTE_ADDR="192.0.2.2"), email="other@example.com")

    assert limited.status_code == 429
    assert "Something else" in limited.text
    assert "police.uk/streetsafe" in limited.text
    assert (elsewhere["Location"], Report.objects.count()) == (SENT, 2)


def test_flood_of_reports_leaves_requests_for_walks_open(southwark, settings):
    settings.REQUESTS_PER_NETWORK_AN_HOUR = 1
    tell()
    refused = tell(text="Something else", email="other@example.com")

    stay_within_limits("127.0.0.1", email="")

    assert refused.status_code == 429


def test_address_over_the_limit_of_requests_and_reports_is_refused(southwark, settings):
    settings.REQUESTS_PER_ADDRESS_A_DAY = 1

    statuses = [tell(Client(REMOTE_ADDR=f"192.0.2.{n}"), text=str(n)).status_code for n in range(5)]

    assert statuses[0] == 302
    assert statuses[-1] == 429


# --- The message ------------------------------------------------------------------------------------------------------


def test_message_asks_whether_it_was_her_and_repeats_nothing(southwark, settings):
    settings.PUBLIC_URL = "https://walk.example.com"
    tell()

    message = Message.objects.get()

    assert (message.kind, message.recipient) == ("place_report_received", "ines@example.com")
    assert re.search(r"https://walk\.example\.com/tell-us/yours/[\w-]{43}/", message.text)
    said = message.subject + message.text + message.html
    assert [word for word in ("library", "I cannot see", "Southwark", "in the dark", "lights") if word in said] == []


def test_discreet_message_says_nothing_but_a_link_to_the_neutral_host(southwark, settings):
    settings.DISCREET_URL = "https://plain.example.com"
    tell(channel="discreet", pin=PIN)

    message = Message.objects.get()

    assert (message.subject, message.sender) == ("Your appointment", project_settings.DISCREET_FROM_EMAIL)
    assert re.search(r"https://plain\.example\.com/r/yours/[\w-]{43}/", message.text)
    content = re.sub(r"https?://\S+", "", message.text + message.html).lower()
    assert [word for word in ("place", "police", "walk", "told", "worr") if word in content] == []
