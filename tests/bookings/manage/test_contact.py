"""The requester changes how we write to her: a new address, an unsafe inbox, and messages stopped or resumed."""

import datetime
import re

import pytest
from django.conf import settings as project_settings
from django.utils import timezone

from accounts.models import RateCount
from bookings.manage.actions import PIN_TRIES
from bookings.manage.contact.actions import change_email_address, send_again, stop_messages
from bookings.manage.pins.actions import choose_pin
from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.models.links import Link
from bookings.statuses import Channel, EventKind, Status
from bookings.triage.queue.rows import booking_flags
from outbox.models import Message
from outbox.statuses import State
from tests.support.booking_history import event_kinds
from tests.support.concurrency import act_after_first_read
from tests.support.decisions import cancel_now
from tests.support.drafts_and_messages import make_complete_draft, post_send_form
from tests.support.factories import BookingFactory, scheduled_booking
from tests.support.requester_pages import PIN, create_page_link
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed

pytestmark = pytest.mark.django_db

NEW = "right@example.com"
JUST_WRITTEN = "We’ve only just emailed you. Check your spam folder, and try again in a few minutes."
HER_LINK = re.compile(r"/(?:my-walk|r)/[\w-]{43}/")


def states_to(address):
    return [message.state for message in Message.objects.order_by("number") if message.recipient == address]


def last_to(address):
    return [message for message in Message.objects.order_by("number") if message.recipient == address][-1]


@pytest.fixture
def booked(southwark, officer, second_officer):
    return scheduled_booking([officer, second_officer], borough=southwark)


# --- On the page after a request -------------------------------------------------------------------------------------


@pytest.fixture
def sent(client, southwark):
    """A request just sent with a mistyped address. The client is on the sent page."""
    _draft, client.cookies[project_settings.ANSWERS_COOKIE_NAME] = make_complete_draft(borough=southwark.gss)
    post_send_form(client)
    return Booking.objects.get()


def test_sent_page_corrects_the_address(client, sent):
    old = HER_LINK.search(Message.objects.get().text)[0]

    offered = client.get("/request/sent/").text
    response = client.post("/request/sent/address/", {"email": NEW})
    after = client.get("/request/sent/").text

    sent.refresh_from_db()
    assert 'href="/request/sent/address/"' in offered
    assert response["Location"] == "/request/sent/"
    assert NEW in after
    assert "maya@example.com" not in after
    assert client.get(old).status_code == 404
    assert states_to("maya@example.com") == [State.SUPERSEDED]
    assert states_to(NEW) == [State.PENDING]
    assert client.get(HER_LINK.search(last_to(NEW).text)[0]).status_code == 200
    assert sent.contact.email_hmac == tokens.index_hmac(NEW)
    assert event_kinds(sent) == [EventKind.REQUESTED, EventKind.ADDRESS_CORRECTED]


def test_sent_page_sends_again_after_a_pause(client, sent):
    first = client.post("/request/sent/again/")
    run_concurrently = client.post("/request/sent/again/")
    RateCount.objects.all().delete()
    later = client.post("/request/sent/again/")

    assert [response.status_code for response in (first, run_concurrently, later)] == [302, 429, 302]
    assert "We’ve only just emailed you." in run_concurrently.text
    assert len(states_to("maya@example.com")) == 3


def test_sent_page_sends_at_most_five_times_an_hour(sent):
    hour = datetime.timedelta(hours=1)
    for _ in range(5):
        RateCount.objects.increment(f"write again {hour} {sent.pk}", window=hour)

    with pytest.raises(ActionError):
        change_email_address(sent, email=NEW, is_verified=False)


def test_address_counts_for_the_person_who_is_written_to(southwark, settings):
    """Otherwise one person could make many requests, and correct each address to that of the same woman."""
    settings.REQUESTS_PER_ADDRESS_A_DAY = 1
    bookings = [BookingFactory(borough=southwark, confirmed_at=None) for _ in range(6)]

    accepted = [
        is_address_accepted(booking, email) for booking, email in zip(bookings, [NEW, NEW.upper()] * 3, strict=True)
    ]

    assert 1 <= accepted.count(True) <= 4
    assert accepted == sorted(accepted, reverse=True)
    assert is_address_accepted(bookings[-1], "other@example.com")


def is_address_accepted(booking, email):
    try:
        change_email_address(booking, email=email, is_verified=False)
    except ActionError:
        return False
    return True


@pytest.mark.parametrize("path", ["address/", "again/"])
def test_sent_page_does_nothing_without_the_cookie_or_after_the_hour(path, client, sent):
    cookie = client.cookies.pop(project_settings.ANSWERS_COOKIE_NAME)
    stranger = client.post(f"/request/sent/{path}", {"email": NEW})
    client.cookies[project_settings.ANSWERS_COOKIE_NAME] = cookie
    Draft.objects.update(expires_at=timezone.now())
    late = client.post(f"/request/sent/{path}", {"email": NEW})

    assert [response.status_code for response in (stranger, late)] == [302, 302]
    assert event_kinds(sent) == [EventKind.REQUESTED]


@pytest.mark.parametrize("email", ["", "nobody", "a@b", f"{'x' * 250}@example.com", "a@example.com\r\nBcc: b@c.com"])
def test_sent_page_refuses_an_invalid_address(email, client, sent):
    response = client.post("/request/sent/address/", {"email": email})

    assert response.status_code == 422
    assert event_kinds(sent) == [EventKind.REQUESTED]


# --- On the requester's page -----------------------------------------------------------------------------------------


def test_address_with_the_pin_is_verified(client, booked):
    page = create_page_link(booked)

    response = client.post(page + "address/", {"email": NEW, "pin": PIN})

    booked.refresh_from_db()
    assert booked.confirmed_at is not None
    assert client.get(page).status_code == 404
    assert "green lantern" in client.get(response["Location"]).text
    assert "green lantern" not in last_to(NEW).text  # until she confirms it there: she may have mistyped it


def test_address_without_the_pin_gets_no_names_before_confirmation(client, booked):
    page = create_page_link(booked)

    response = client.post(page + "address/", {"email": NEW})
    message = last_to(NEW)
    hers = HER_LINK.search(message.text)[0]
    before = client.get(hers).text
    client.post(hers + "confirm/")
    after = client.get(hers).text

    booked.refresh_from_db()
    told = message.text + message.html
    assert "We’ve written to" in response.text
    assert not HER_LINK.search(response.text)
    assert [word for word in ("green lantern", "Olive", "stick", "flower stall") if word in told] == []
    assert "green lantern" not in before
    assert "Was it you who asked?" in before
    assert "This wasn’t me" not in before  # it is scheduled: she can only cancel it
    assert "green lantern" in after
    assert booked.status == Status.SCHEDULED


def test_address_with_a_wrong_pin_changes_nothing(client, booked):
    response = client.post(create_page_link(booked) + "address/", {"email": NEW, "pin": "111111"})

    booked.refresh_from_db()
    assert response.status_code == 422
    assert booked.contact.email == "maya@example.com"
    assert not booked.events.exists()


def test_address_after_too_many_wrong_pins_is_refused_beside_the_pin(client, booked):
    page = create_page_link(booked) + "address/"

    for _try in range(PIN_TRIES + 1):
        response = client.post(page, {"email": NEW, "pin": "111111"})

    assert response.status_code == 422
    assert [error["href"] for error in response.context["error_summary"]] == ["#id_pin"]
    assert "Too many tries" in response.text


def test_address_is_refused_just_after_another_message(client, booked):
    send_again(booked)

    response = client.post(create_page_link(booked) + "address/", {"email": NEW})

    assert response.status_code == 409
    assert response.context["error_summary"] == [{"text": JUST_WRITTEN, "href": "#id_email"}]


def test_address_page_behind_the_pin_does_not_ask_for_it_again(client, booked):
    booked.channel = Channel.DISCREET
    booked.save()
    page = create_page_link(booked)
    client.post(page, {"pin": PIN})

    form = client.get(page + "address/").context["form"]
    response = client.post(page + "address/", {"email": NEW})

    booked.refresh_from_db()
    assert list(form.fields) == ["email"]
    assert response.status_code == 302
    assert booked.confirmed_at is not None
    assert last_to(NEW).subject == "Your appointment"


def test_address_gets_the_cancellation_that_did_not_arrive(client, booked, inspector):
    cancel_now(booked, inspector, message="We will ring.")
    Message.objects.update(state=State.FAILED)
    page = create_page_link(booked)

    asked = client.get(page).text
    client.post(page + "address/", {"email": NEW})

    assert "Is this address right?" in asked
    assert "Please do not go to" in last_to(NEW).text


@pytest.mark.parametrize(
    "fields", [{"channel": Channel.NONE}, {"contact__messages_stopped_at": timezone.now()}, {"status": "not_mine"}]
)
def test_address_page_is_closed_if_we_do_not_email(fields, client):
    booking = BookingFactory(**fields)
    page = create_page_link(booking)
    client.post(page, {"pin": PIN})

    assert client.get(page + "address/").status_code == 302
    with pytest.raises(TransitionNotAllowed):
        change_email_address(booking, email=NEW, is_verified=True)


# --- An unsafe inbox --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", [Channel.DISCREET, Channel.NONE])
def test_unsafe_inbox_revokes_every_link(channel, client, booked):
    page = create_page_link(booked)
    submit_report = Link.objects.create_token(
        booked, Link.Purpose.REPORT, expires_at=timezone.now() + datetime.timedelta(days=1)
    )
    booked.contact.pin_hmac = ""
    booked.contact.save()

    response = client.post(page + "inbox/", {"channel": channel, "pin": "830 295"})

    booked.refresh_from_db()
    onward = HER_LINK.search(response.text)[0]
    assert response.status_code == 200
    assert booked.spoken_reference in response.text
    assert client.get(page).status_code == 404
    assert client.get(f"/tell-us/{submit_report}/").status_code == 404
    assert "green lantern" in client.get(onward).text
    assert "green lantern" not in type(client)().get(onward).text
    assert (booked.channel, booked.needs_pin) == (channel, True)
    assert tokens.pin_matches(booked.pk, "830295", booked.contact.pin_hmac)
    assert booked.contact.email == ("" if channel == Channel.NONE else "maya@example.com")
    assert "Her inbox was not safe" in [flag.text for flag in booking_flags(booked, request_count=1, conflicts={})]
    assert event_kinds(booked) == [EventKind.INBOX_UNSAFE]


def test_unsafe_inbox_supersedes_unsent_messages(client, booked):
    send_again(booked)

    client.post(create_page_link(booked) + "inbox/", {"channel": "discreet", "pin": PIN})

    assert states_to("maya@example.com") == [State.SUPERSEDED]


def test_unsafe_inbox_asks_for_the_existing_pin(client, booked):
    wrong = client.post(create_page_link(booked) + "inbox/", {"channel": "none", "pin": "830295"})
    right = client.post(create_page_link(booked) + "inbox/", {"channel": "none", "pin": PIN})

    booked.refresh_from_db()
    assert [wrong.status_code, right.status_code] == [422, 200]
    assert tokens.pin_matches(booked.pk, PIN, booked.contact.pin_hmac)


def test_unsafe_inbox_does_not_replace_a_pin_chosen_since_the_page_was_opened(client, booked):
    booked.contact.pin_hmac = ""
    booked.contact.save()
    page = create_page_link(booked) + "inbox/"

    with act_after_first_read(Link, lambda: choose_pin(booked, pin=PIN)):
        response = client.post(page, {"channel": "none", "pin": "830295"})

    booked.refresh_from_db()
    assert response.status_code == 409
    assert tokens.pin_matches(booked.pk, PIN, booked.contact.pin_hmac)
    assert (booked.channel, booked.contact.inbox_unsafe_at) == (Channel.FULL, None)


@pytest.mark.parametrize("data", [{}, {"channel": "full", "pin": "830295"}, {"channel": "none", "pin": "123456"}])
def test_unsafe_inbox_needs_a_channel_and_a_good_pin(data, client, booked):
    booked.contact.pin_hmac = ""
    booked.contact.save()

    response = client.post(create_page_link(booked) + "inbox/", data)

    assert response.status_code == 422
    assert not booked.events.exists()


# --- Stopped messages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["my-walk", "r"])
def test_stopped_messages_resume_when_the_requester_asks(host, client, booked, settings):
    stop_messages(booked)
    page = create_page_link(booked)
    if host == "r":
        page, client.defaults = page.replace("/my-walk/", "/r/"), {"HTTP_HOST": settings.DISCREET_HOST}

    offered = client.get(page).text
    client.get(page + "write-again/")
    untouched = Booking.objects.get().contact.messages_stopped_at
    client.post(page + "write-again/")

    booked.refresh_from_db()
    assert "Write to me again" in offered
    assert untouched is not None
    assert booked.can_be_emailed
    assert event_kinds(booked) == [EventKind.MESSAGES_STOPPED, EventKind.MESSAGES_RESUMED]
