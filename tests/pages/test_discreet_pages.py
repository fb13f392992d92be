"""Discreet pages: no revealing word before the PIN, and after it bland titles, headers and file names."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as project_settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client

from bookings.models.bookings import Booking
from bookings.statuses import Channel
from feedback.models.contacts import ReportContact
from tests.support.addresses import NEUTRAL, every_name, rolled_back
from tests.support.discreet_search import (
    PIN,
    everything_sent,
    externally_visible_parts,
    files_loaded_by,
    revealing_words,
)
from walkandtalk.lib import tokens
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db


LEADS_ON = f"POST {NEUTRAL}updates:open"
"""A follower sees these after a press on a page that warns of it (docs/rules.md#following-an-area)."""


class NeutralBrowser(Client):
    def __init__(self, **options):
        super().__init__(**options, headers={"host": project_settings.DISCREET_HOST})


@pytest.fixture
def neutral_world(world):
    """Rows for every address of the neutral host. Every requester has chosen discreet messages."""
    Booking.objects.update(channel=Channel.DISCREET)
    for contact in ReportContact.objects.all():
        save_changes(contact, channel=Channel.DISCREET, pin_hmac=tokens.pin_hmac(contact.pk, PIN))
    return world


def neutral_names():
    return [name for name in every_name() if name.startswith(NEUTRAL)]


def errors():
    """Yield each error page, with its status and cause."""
    browser = NeutralBrowser(raise_request_exception=False)
    yield "400", browser.get("/?a=%00")
    yield "403", NeutralBrowser(enforce_csrf_checks=True).post("/r/", {"reference": "x"})
    yield "404", browser.get("/request/")
    yield "404 of a link", browser.get(f"/r/{'x' * 43}/")
    yield "404 of a file", browser.get("/static/no-such-file.css")
    yield "405", browser.put("/")
    with connection.execute_wrapper(_broken):
        yield "500", browser.post("/r/", {"reference": "0123456789ABC"})


def _broken(*args):
    raise RuntimeError("The walk of the police officer in Southwark")


def test_no_page_before_the_pin_is_revealing(neutral_world):
    """This includes a form sent after the half-hour session has expired, whose answers are in the PIN page."""
    client = neutral_world.enter("signed_out")

    answers = {"reference": "0123456789ABC", "meeting_place": "Peckham Rye, with two officers", "walk": "police"}
    arguments = {"GET": {}, "POST": {"data": answers}}
    answered = {
        f"{method} {name}": neutral_world.ask(client, name, method, **more)
        for name in neutral_names()
        for method, more in arguments.items()
    }
    revealing = {what: revealing_words(everything_sent(response)) for what, response in answered.items()}

    asked_for_pin = [what for what, response in answered.items() if "What is your PIN?" in response.text]
    assert len(asked_for_pin) > 15
    assert revealing.pop(LEADS_ON)
    assert {what: words for what, words in revealing.items() if words} == {}


def test_no_error_page_is_revealing(db):
    answered = dict(errors())

    assert [what[:3] for what in answered] == [str(response.status_code) for response in answered.values()]
    assert {
        what: words for what, response in answered.items() if (words := revealing_words(everything_sent(response)))
    } == {}


def test_no_redirect_goes_to_the_public_host(neutral_world):
    client = neutral_world.enter("signed_out")

    answered = [neutral_world.ask(client, name, method) for name in neutral_names() for method in ("GET", "POST")]
    hosts = {urlsplit(response["Location"]).netloc for response in answered if response.has_header("Location")}

    assert hosts <= {"", urlsplit(project_settings.LEAVE_URL).netloc}


def test_no_file_that_the_pages_load_is_revealing(neutral_world):
    client = neutral_world.enter("signed_out")
    pages = [neutral_world.ask(client, name) for name in neutral_names()]
    pages = [page for page in pages if page["Content-Type"].startswith("text/html")]

    files = sorted({file for page in pages for file in files_loaded_by(page)})
    contents = {file: finders.find(urlsplit(file).path.removeprefix("/static/")) for file in files}
    revealing = {
        file: revealing_words(file + Path(path).read_text(encoding="utf-8")) for file, path in contents.items()
    }

    assert len(files) >= 4
    assert {file: words for file, words in revealing.items() if words} == {}


def entered(world, name):
    """Return a browser that has just entered the PIN, if this page asks for it."""
    client = world.enter("signed_out")
    page = re.match(r"/r/(?:yours/)?[\w-]{43}/", world.path(name))
    if page:
        client.post(page[0], {"pin": PIN}, headers={"host": project_settings.DISCREET_HOST})
    return client


def test_titles_headers_and_files_stay_bland_after_the_pin(neutral_world):
    answered = {name: neutral_world.ask(entered(neutral_world, name), name) for name in neutral_names()}
    pages = {name: page for name, page in answered.items() if "html" in page.get("Content-Type", "")}

    revealing = {name: revealing_words(externally_visible_parts(page)) for name, page in pages.items()}

    page_text = pages[f"{NEUTRAL}manage:page"].text
    assert "green lantern" in page_text
    assert not [name for name, page in pages.items() if "What is your PIN?" in page.text]
    assert {name: words for name, words in revealing.items() if words} == {}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_names_the_public_host_after_the_pin(method, neutral_world):
    public = urlsplit(project_settings.PUBLIC_URL).netloc
    answered = {}

    for name in neutral_names():
        with rolled_back():
            answered[name] = everything_sent(neutral_world.ask(entered(neutral_world, name), name, method))

    named = {f"{method} {name}" for name, text in answered.items() if public in text}
    assert named == ({LEADS_ON} if method == "POST" else set())


def test_downloaded_calendar_is_not_revealing(neutral_world):
    name = f"{NEUTRAL}manage:calendar"

    calendar = neutral_world.ask(entered(neutral_world, name), name)

    assert b"SUMMARY:Appointment" in calendar.content
    assert revealing_words(everything_sent(calendar)) == []
