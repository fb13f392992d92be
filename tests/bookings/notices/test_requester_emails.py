import datetime
import re
from email import message_from_bytes
from email.policy import default as policy

import pytest
from django.utils import timezone

from bookings.manage.contact.emails import resent_link
from bookings.models.links import Link
from bookings.scheduling.cancellation.emails import send_booking_cancelled_by_us
from bookings.statuses import CancelReason, Status
from outbox.composing import compose
from outbox.models import Message
from outbox.sending.delivery import build_email
from outbox.statuses import State
from tests.support.factories import BookingFactory, PreferredTimeFactory, in_days, scheduled_booking
from tests.support.sample_messages import (
    KINDS_TO_REQUESTER,
    find_addresses,
    record_event,
    write_to_requester,
    write_to_staff,
)
from walkandtalk.lib import london


@pytest.fixture
def booking(southwark, officer, second_officer):
    """A booking with a scheduled walk."""
    return scheduled_booking([officer, second_officer], borough=southwark)


@pytest.fixture
def requested(southwark):
    """A request just sent."""
    return BookingFactory(borough=southwark, confirmed_at=None)


def test_first_message_repeats_nothing_that_the_requester_said(requested):
    PreferredTimeFactory(booking=requested, rank=2, date=datetime.date(2027, 3, 1), start=datetime.time(12))

    message = write_to_requester("request_received", requested)

    due = london.long_date(requested.answer_due_at)
    assert message.subject == f"Your request {requested.spoken_reference}: was it you?"
    assert message.text.startswith("Hello. We have your request for a walk. Nothing is booked yet.")
    what_to_do = "“Yes, this was me” or “This wasn’t me”"
    for expected in (what_to_do, f"by {due}", f"Reference: {requested.spoken_reference}", "Call 999"):
        assert expected in message.text
    content = message.text + message.html
    revealing = ("Maya", "Peckham", "Southwark,", "6:30pm", "March", "midday", "What you asked for")
    assert [words for words in revealing if words in content] == []


@pytest.mark.parametrize("kind", KINDS_TO_REQUESTER)
def test_message_gives_no_number_to_call_alone(kind, booking):
    booking.bcu.text_number = "07700 900 456"
    booking.bcu.save()

    message = write_to_requester(kind, booking)

    relay = (
        "Without speaking: Dial 18001 020 7946 0101 in the Relay UK app and type. Or send a text message: 07700 900 456"
    )
    assert message.text.count("020 7946 0101") == 2 * message.text.count(f"{relay}\n") > 0
    assert message.html.count('href="sms:07700900456"') == message.text.count(relay)


def test_first_message_repeats_the_request_if_it_is_confirmed(requested):
    requested.confirmed_at = timezone.now()
    PreferredTimeFactory(booking=requested, rank=2, date=datetime.date(2027, 3, 1), start=datetime.time(12))
    requested.contact.weekday_evenings = True

    message = write_to_requester("request_received", requested)

    preferred_time = f"{london.long_date(in_days(10))}, 6:30pm"
    for expected in (
        "Hello Maya Example.",
        "Where: Peckham Rye station, main entrance, Southwark",
        f"When, London time: {preferred_time}; or Monday 1 March 2027, midday; or weekday evenings\n",
        f"Reference: {requested.spoken_reference}",
        "Call 999",
    ):
        assert expected in message.text


def test_first_message_says_that_we_suggest_a_place(requested):
    requested.confirmed_at = timezone.now()
    requested.contact.meeting_place = ""

    message = write_to_requester("request_received", requested)

    assert "Where: Southwark. You’d like us to suggest a place to meet." in message.text
    assert "You’d like us to suggest a place to meet." in message.html


def test_first_message_contains_no_needs_or_phone_number(requested):
    message = write_to_requester("request_received", requested)

    content = message.subject + message.text + message.html
    assert [text for text in ("step-free", "Step-free", "stick", "07700", "5pm") if text in content] == []


@pytest.mark.parametrize("field", ["name", "meeting_place"])
def test_first_message_contains_no_typed_web_address(field, requested):
    requested.confirmed_at = timezone.now()
    setattr(requested.contact, field, "Win https://evil.example/now and www.evil.example")

    message = write_to_requester("request_received", requested)

    assert "Win … and …" in message.text
    assert "evil" not in message.text + message.html


@pytest.mark.parametrize("kind", KINDS_TO_REQUESTER)
def test_no_message_carries_a_web_address_in_her_name(kind, booking):
    """A stranger may have made the booking with her address, and can open its page with the PIN that he chose."""
    booking.contact.name = "Win www.evil.example"

    message = write_to_requester(kind, booking)

    assert "Maya" not in message.text
    assert "evil" not in message.subject + message.text + message.html


def test_scheduled_message_is_the_walk_card(booking):
    message = write_to_requester("booking_scheduled", booking)

    day = london.long_date(booking.walk.start_at)
    assert message.subject == f"Your walk: {day}, 6:30pm"
    assert message.text.startswith("Hello Maya Example. Your walk is booked.\n\nWhen: ")
    assert "WHAT CHANGED" not in message.text
    assert message.expires_at == booking.walk.start_at


def test_changed_message_begins_with_the_changes(booking):
    message = write_to_requester("booking_changed", booking)

    assert message.subject.startswith("Changed: your walk, ")
    assert message.text.index("WHAT CHANGED\n- The walk now lasts 30 minutes.") < message.text.index("When: ")
    assert message.expires_at == booking.walk.start_at


def test_declined_message_gives_the_reason_and_alternatives(requested):
    message = write_to_requester("booking_declined", requested)

    assert message.subject == f"Your request {requested.spoken_reference}"
    assert "We can’t arrange this walk, because no officers are free at the times you chose." in message.text
    assert "Sorry to say." in message.text
    assert "/tell-us/" in message.text
    assert "/request/" in message.text
    assert "020 7946 0101" in message.text


def test_cancelled_by_us_says_not_to_go(booking):
    message = write_to_requester("booking_cancelled_by_us", booking)

    day = london.long_date(booking.walk.start_at)
    assert message.subject == f"Cancelled: {day}, 6:30pm"
    assert "Please do not go to Peckham Rye station, by the flower stall." in message.text
    assert "The officers will not be there." in message.text
    assert "We cancelled because an officer is unwell. We’re sorry." in message.text
    assert "/tell-us/" in message.text
    assert re.search(r"Tell us you’ve seen this: \S+/my-walk/[\w-]+/#seen\n", message.text)
    assert re.search(r'href="\S+/my-walk/[\w-]+/#seen"[^>]*>Tell us you’ve seen this<', message.html)
    assert message.expires_at is None


@pytest.mark.parametrize(("rules", "is_promised"), [(["call"], True), (["text"], False), ([], False)])
def test_cancelled_by_us_promises_a_call_only_if_calls_are_allowed(rules, is_promised, booking):
    booking.contact.phone_rules = rules

    message = write_to_requester("booking_cancelled_by_us", booking)

    assert ("If you don’t, we’ll call the number you gave us." in message.text) is is_promised
    assert ("If you don’t, we’ll call the number you gave us." in message.html) is is_promised


@pytest.mark.parametrize("kind", ["booking_cancelled_by_us", "booking_cancelled_by_requester"])
def test_cancelled_message_names_no_officer_and_no_phrase(kind, booking):
    message = write_to_requester(kind, booking)

    content = message.text + message.html
    assert [text for text in ("Olive", "11AS", "green lantern", "silver river") if text in content] == []


def test_cancelled_by_requester_names_the_cancelled_walk(booking):
    message = write_to_requester("booking_cancelled_by_requester", booking)

    day = london.long_date(booking.walk.start_at)
    assert message.subject == f"Cancelled: {day}, 6:30pm"
    assert f"You cancelled your walk on {day} at 6:30pm." in message.text


def test_cancelled_by_requester_before_a_walk_names_the_request(requested):
    message = write_to_requester("booking_cancelled_by_requester", requested)

    assert message.subject == f"Cancelled: your request {requested.spoken_reference}"
    assert "You cancelled your request." in message.text
    assert message.attachments == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS_TO_REQUESTER if kind != "resent_link"])
def test_every_message_greets_the_requester_by_the_name_she_typed(kind, booking):
    booking.contact.name = "Nóra O'Brien"

    message = write_to_requester(kind, booking)

    assert "Hello Nóra O'Brien." in message.text
    assert "Hello Nóra O'Brien." in message.html


@pytest.mark.parametrize("kind", KINDS_TO_REQUESTER)
def test_messages_to_requesters_link_to_our_addresses_only(kind, booking, settings):
    message = write_to_requester(kind, booking)

    addresses = find_addresses(message.text + message.html)
    assert any("/my-walk/" in address for address in addresses)
    assert {address for address in addresses if not address.startswith(settings.PUBLIC_URL + "/")} == set()
    assert not re.search(r"<(img|script|link|iframe|object)\b|\burl\(", message.html)


@pytest.mark.parametrize("kind", KINDS_TO_REQUESTER)
def test_subjects_do_not_say_police(kind, booking):
    assert "police" not in write_to_requester(kind, booking).subject.lower()


@pytest.mark.parametrize("kind", [kind for kind in KINDS_TO_REQUESTER if kind != "resent_link"])
def test_typed_html_is_escaped(kind, booking):
    booking.contact.name = "<img src=x onerror=alert(1)>"

    message = write_to_requester(kind, booking)

    assert "<img" not in message.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in message.html
    assert "Hello <img src=x onerror=alert(1)>." in message.text


@pytest.mark.parametrize("kind", KINDS_TO_REQUESTER)
def test_name_cannot_add_a_header_or_a_line(kind, booking):
    booking.contact.name = "Maya\r\nBcc: all@example.com\r\n\r\nMeet: behind the shed"

    mail = message_from_bytes(build_email(write_to_requester(kind, booking)).message().as_bytes(), policy=policy)

    assert mail["Bcc"] is None
    assert (mail["To"], len(mail.get_all("To"))) == ("maya@example.com", 1)
    text = mail.get_body(("plain",)).get_content()
    assert not [line for line in text.splitlines() if line.startswith(("Bcc:", "Meet: behind"))]


def test_inspectors_note_is_kept_on_one_line(booking):
    booking.status, booking.outcome_code = Status.CANCELLED_BY_US, CancelReason.OTHER

    send_booking_cancelled_by_us(booking, record_event(booking, note="Sorry.\nYour page: http://evil.example"))

    lines = Message.objects.get().text.splitlines()
    assert [line for line in lines if "Your page:" in line] == ["Sorry. Your page: http://evil.example"]


def test_each_message_has_its_own_link_to_the_page(booking):
    tokens = [
        re.search(r"/my-walk/([\w-]+)/", write_to_requester(kind, booking).text)[1]
        for kind in ("booking_scheduled", "resent_link")
    ]

    opened = [Link.objects.open(token, Link.Purpose.PAGE) for token in tokens]
    assert [link.booking for link in opened] == [booking, booking]
    assert tokens[0] != tokens[1]


def test_link_expires_a_month_after_the_walk(booking):
    write_to_requester("booking_scheduled", booking)

    assert Link.objects.get().expires_at == booking.walk.end_at + datetime.timedelta(days=30)


def test_link_without_a_walk_expires_a_month_after_the_last_bookable_day(requested):
    started_at = timezone.now()
    write_to_requester("request_received", requested)

    life = Link.objects.get().expires_at - started_at
    assert datetime.timedelta(days=56 + 30) <= life < datetime.timedelta(days=56 + 30, minutes=1)


def test_link_requested_long_after_the_walk_still_opens(booking):
    booking.walk.start_at = timezone.now() - datetime.timedelta(days=60)

    write_to_requester("resent_link", booking)

    assert Link.objects.get().expires_at > timezone.now() + datetime.timedelta(hours=23)


def test_report_link_opens_the_report_only(booking):
    message = write_to_requester("booking_cancelled_by_us", booking)

    token = re.search(r"/tell-us/([\w-]+)/", message.text)[1]
    assert Link.objects.open(token, Link.Purpose.REPORT).booking == booking
    assert Link.objects.open(token, Link.Purpose.PAGE) is None


def test_message_is_queued_once_for_each_event(booking):
    event = record_event(booking)

    for kind in ("booking_declined", "resent_link"):
        write_to_requester(kind, booking)
    resent_link(booking, request_id="7")

    keys = list(Message.objects.order_by("number").values_list("dedupe_key", flat=True))
    declined = booking.events.exclude(pk=event.pk).get()
    assert keys == [f"booking:{booking.pk}:declined:{declined.pk}:requester", f"booking:{booking.pk}:link:7:requester"]


# These add to the walk card, which is still needed and may say what changed.
TAKES_NO_PLACE = {"booking_officers_set_off", "booking_reminder"}


@pytest.mark.parametrize(
    "kind", [k for k in KINDS_TO_REQUESTER if k.startswith("booking_") and k not in TAKES_NO_PLACE]
)
def test_news_supersedes_older_unsent_news(kind, booking):
    write_to_requester("request_received", booking)
    write_to_requester("booking_scheduled", booking)
    newest = write_to_requester(kind, booking)

    older = Message.objects.exclude(pk=newest.pk)
    assert {message.state for message in older} == {State.SUPERSEDED}
    assert newest.state == State.PENDING


def test_resent_link_supersedes_no_other_message(booking):
    scheduled = write_to_requester("booking_scheduled", booking)
    write_to_requester("resent_link", booking)

    scheduled.refresh_from_db()
    assert scheduled.state == State.PENDING


def test_news_leaves_messages_to_others_alone(booking, officer, southwark):
    other_message = write_to_requester("request_received", BookingFactory(borough=southwark))
    assigned = write_to_staff("officer_assigned", booking.walk, officer)

    write_to_requester("booking_scheduled", booking)

    assert {Message.objects.get(pk=message.pk).state for message in (other_message, assigned)} == {State.PENDING}


def test_message_is_sent_without_html_if_html_fails(booking, monkeypatch, caplog):
    def fail(*args):
        raise RuntimeError("maya@example.com")

    monkeypatch.setattr(compose, "render_to_string", fail)

    content = compose.render("team_message_undelivered", {"reference": "canary"})

    assert (content["html"], "canary" in content["text"]) == ("", True)
    assert "Could not make the HTML of team_message_undelivered: RuntimeError" in caplog.text
    assert "maya" not in caplog.text
