"""A form sent after the session had ended: the person who typed it gets it back, and nobody else reads it."""

import datetime
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from bookings.manage.decision_pages import RequesterDecision
from bookings.manage.freeze.views import FreezePage
from bookings.models.bookings import Booking
from bookings.statuses import Channel
from tests.support.access_table import EXPECTED_RESPONSES, REFUSED
from tests.support.addresses import NEUTRAL, every_address, fingerprint, rolled_back
from tests.support.factories import PASSWORD, InspectorFactory
from tests.support.markup import Markup
from tests.support.requester_pages import PIN
from tests.support.spoken_with import IN_PERSON_DATA

pytestmark = pytest.mark.django_db

SIGN_IN = "/staff/sign-in/"
NOTE = "triage:add_note"
TYPED = "She asked for Thursday."
NOT_SAVED = "Nothing was saved"
WITHOUT_FORM = {"approvals:approve", "walks:calendar_feed"}
TYPED_AFTER_RINGING = {"pins:reset_pin": IN_PERSON_DATA, "freeze:lift": IN_PERSON_DATA}
# She was shown something.
LOGS = {"bookings_readlog", "accounts_securityevent"}
NOT_TYPED = {"version", "save", "why", "page"}
"""Fields that the page itself sends."""


def staff_addresses(*, with_page):
    """The staff addresses that act on a POST, except passwords: those with a page for the form, or only a button.

    A session that has ended still works on the pages for officers alone.
    """
    return sorted(
        name
        for (name, method), answers in EXPECTED_RESPONSES.items()
        if method == "POST" and answers["signed_out"] == "sign-in" and user_of(name) is not None
        if not name.startswith(("accounts:", "admin-"))
        and (EXPECTED_RESPONSES[name, "GET"]["inspector"] != "405") == with_page
    )


def user_of(name):
    answers = EXPECTED_RESPONSES[name, "POST"]
    return next((who for who in ("inspector", "stranger") if answers[who] not in REFUSED), None)


def data_for(world, name):
    return TYPED_AFTER_RINGING.get(name) or world.answers.get(name, {})


def send_too_late(client, path, data):
    """Post this after twenty minutes without a press."""
    client.get("/staff/password/")
    session = client.session
    session["seen_at"] -= 20 * 60
    session.save()
    return client.post(path, data)


def sign_in(client, person, to):
    enter_password(client, person, to)
    return client.get(to)


def enter_password(client, person, to):
    client.post(f"{SIGN_IN}?next={to}", {"username": person.email, "password": PASSWORD})


def changed_since(rows):
    return {table for table, now in fingerprint().items() if now != rows[table]}


def filled_in(html):
    """The values that the page's form would send."""
    page = Markup(html)
    values = {tag.attrs.get("value", "") for tag in page.all("input", "option") if not is_choice(tag) or is_chosen(tag)}
    return values | {tag.text.strip() for tag in page.all("textarea")}


def is_choice(tag):
    return tag.name == "option" or tag.attrs.get("type") in ("radio", "checkbox")


def is_chosen(tag):
    return "checked" in tag.attrs or "selected" in tag.attrs


def values_of(data):
    lists = [value if isinstance(value, list) else [value] for name, value in data.items() if name not in NOT_TYPED]
    return {str(value) for values in lists for value in values}


def unsent_form_of(client):
    return client.session.get("unsent_form")


@pytest.fixture
def sent_too_late(world):
    """The client of an inspector whose note was not saved, because her session had ended."""
    client = world.enter("inspector")
    send_too_late(client, world.path(NOTE), {"note": TYPED})
    return client


@pytest.mark.parametrize("name", sorted({*staff_addresses(with_page=True)} - WITHOUT_FORM))
def test_form_sent_after_the_session_ended_is_shown_filled_in(name, world):
    client, path, data = world.enter(user_of(name)), world.path(name), data_for(world, name)
    client.get(path)
    rows = fingerprint()

    asked = send_too_late(client, path, data)
    changed_by_sending = changed_since(rows)
    enter_password(client, world.people[user_of(name)], path)
    rows = fingerprint()
    page = client.get(path)

    assert asked["Location"] == f"{SIGN_IN}?next={path}"
    assert changed_by_sending | changed_since(rows) <= LOGS
    assert NOT_SAVED in page.text
    assert values_of(data) - filled_in(page.text) == set()


@pytest.mark.parametrize("name", staff_addresses(with_page=False))
def test_button_pressed_after_the_session_ended_sends_nothing_typed(name, world):
    client, path = world.enter(user_of(name)), world.path(name)

    send_too_late(client, path, world.answers.get(name, {}))
    page = sign_in(client, world.people[user_of(name)], path)

    assert {*world.answers.get(name, {})} <= NOT_TYPED
    assert page.status_code == 405
    assert NOT_SAVED in page.text


def test_sign_in_page_says_that_nothing_was_saved_and_nothing_is_lost(sent_too_late, world):
    page = sent_too_late.get(SIGN_IN).text

    assert "Sign in within 15 minutes to see what you typed." in page
    assert TYPED not in page
    assert NOT_SAVED not in world.enter("signed_out").get(SIGN_IN).text


def test_another_person_who_signs_in_next_reads_nothing(sent_too_late, world):
    colleague = InspectorFactory(bcu=world.people["inspector"].bcu)

    hers = sign_in(sent_too_late, colleague, world.path(NOTE)).text
    afterwards = sign_in(sent_too_late, world.people["inspector"], world.path(NOTE)).text

    assert TYPED not in hers + afterwards
    assert NOT_SAVED not in hers + afterwards


def test_it_is_forgotten_after_fifteen_minutes(sent_too_late, world):
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=15, seconds=1)):
        page = sign_in(sent_too_late, world.people["inspector"], world.path(NOTE)).text

    assert TYPED not in page


def test_it_is_forgotten_once_it_is_sent_again(sent_too_late, world):
    path = world.path(NOTE)
    sign_in(sent_too_late, world.people["inspector"], path)

    shown_until_sent = sent_too_late.get(path).text
    sent_too_late.post(path, {"note": TYPED})
    shown_afterwards = sent_too_late.get(path).text

    assert TYPED in shown_until_sent
    assert NOT_SAVED not in shown_afterwards
    assert unsent_form_of(sent_too_late) is None


def test_it_is_shown_at_its_own_address_only(sent_too_late, world):
    page = sign_in(sent_too_late, world.people["inspector"], world.path("triage:decline")).text

    assert TYPED not in page
    assert NOT_SAVED not in page


def test_nobody_reads_it_in_the_session_or_its_cookie(sent_too_late):
    stored = Session.objects.get(pk=sent_too_late.session.session_key)

    assert unsent_form_of(sent_too_late)
    assert TYPED not in repr(stored.get_decoded()) + repr(sent_too_late.cookies)


def test_passwords_are_not_kept(world):
    client = world.enter("inspector")

    send_too_late(client, "/staff/password/", world.answers["accounts:password"])

    assert unsent_form_of(client) is None


def test_officer_whose_session_is_idle_gets_her_note_back(world):
    client, path = world.enter("on_it"), world.path("feedback:walk_note")

    asked = send_too_late(client, path, {**world.answers["feedback:walk_note"], "words": TYPED})
    page = sign_in(client, world.people["on_it"], path)

    assert asked["Location"] == f"{SIGN_IN}?next={path}"
    assert TYPED in filled_in(page.text)


def test_booking_handed_over_meanwhile_shows_what_was_typed(world):
    """The inspector no longer sees the booking then."""
    client, path = world.enter("inspector"), world.path("triage:hand_over")
    form = {**world.answers["triage:hand_over"], "note": TYPED}
    client.post(path, world.answers["triage:hand_over"])

    send_too_late(client, path, form)
    page = sign_in(client, world.people["inspector"], path)

    assert page.status_code == 409
    assert TYPED in page.text


def test_page_that_closed_meanwhile_shows_what_was_typed(world):
    client, path = world.enter("inspector"), world.path("triage:decline")
    form = {**world.answers["triage:decline"], "words": TYPED}
    client.post(path, world.answers["triage:decline"])

    send_too_late(client, path, form)
    page = sign_in(client, world.people["inspector"], path)

    assert TYPED in filled_in(page.text)
    assert client.post(path, form).status_code == 409


# --- The requester's page: half an hour after her PIN -----------------------------------------------------------------


def pages_of_the_requester():
    """The addresses that ask for her PIN if someone else may read her email. Freezing needs none."""
    pages = {address.name: getattr(address.view, "view_class", object) for address in every_address()}
    return sorted(name for name, page in pages.items() if issubclass(page, RequesterDecision) and page != FreezePage)


@pytest.mark.parametrize("name", [name for name in pages_of_the_requester() if not name.startswith(NEUTRAL)])
def test_her_answers_are_sent_once_she_gives_her_pin(name, world):
    Booking.objects.update(channel=Channel.DISCREET)
    path, data = world.path(name), {**world.answers.get(name, {}), "sent": "too late"}
    data.pop("pin", None)
    with rolled_back():
        in_time = client_with_pin(path).post(path, data | {"pin": PIN})
    client = Client()

    asked = client.post(path, data)
    (kept,) = [tag.attrs["value"] for tag in Markup(asked.text).all("input") if tag.attrs["name"] == "kept"]
    sent = client.post(path, {"kept": kept, "pin": PIN})

    assert "We’ve kept what you typed." in asked.text
    assert response_to(sent) == response_to(in_time)


def client_with_pin(path):
    client = Client()
    client.post(path, {"pin": PIN})
    return client


def response_to(response):
    """Return the status, and the address that it leads to. A link to a new address is always another."""
    return response.status_code, re.sub("/my-walk/[^/]+", "/my-walk/token", response.get("Location", ""))
