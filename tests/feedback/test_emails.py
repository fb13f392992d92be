import re

import pytest
from django.db import transaction
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.links import Link
from bookings.statuses import Channel
from feedback import emails
from feedback.concerns import actions
from outbox.composing import compose
from outbox.models import Message
from tests.support.booking_fields import set_booking_fields
from tests.support.feedback_factories import REVIEW_DATE, ConcernFactory, make_completed_booking
from tests.support.sample_messages import WORDS_NOT_IN_DISCREET_MESSAGES, find_link
from walkandtalk.lib import london


def invitation(officer, settings, **fields):
    settings.PUBLIC_URL, settings.DISCREET_URL = "https://walk.example.com", "https://plain.example.com"
    booking = make_completed_booking([officer], **fields)
    with transaction.atomic():
        emails.report_invitation(booking, now=booking.walk.end_at)
    return booking, Message.objects.get()


def test_invitation_asks_what_worried_the_requester(officer, settings):
    booking, message = invitation(officer, settings)

    assert (message.recipient, message.sender) == ("maya@example.com", settings.FROM_EMAIL)
    assert message.subject == "How was your walk?"
    assert message.text.startswith(
        f"Hello Maya Example. What worried you where you walked on {london.long_date(booking.walk.start_at)}?\n"
    )
    for body in (message.text, message.html):
        assert "We’ll only ask this once." in body
        assert booking.spoken_reference in body
        assert booking.bcu.duty_number in body
        assert find_link(message.text) in body


def test_invitation_has_its_own_kind_of_link(officer, settings):
    booking, message = invitation(officer, settings)

    token = re.fullmatch(r"https://walk\.example\.com/tell-us/([^/]+)/", find_link(message.text)).group(1)

    assert Link.objects.open(token, Link.Purpose.REPORT).booking == booking
    assert Link.objects.open(token, Link.Purpose.PAGE) is None


def test_discreet_invitation_does_not_mention_a_walk(officer, settings):
    _booking, message = invitation(officer, settings, channel=Channel.DISCREET)

    assert (message.subject, message.sender) == ("Your appointment", settings.DISCREET_FROM_EMAIL)
    link = find_link(message.text)
    assert re.fullmatch(r"https://plain\.example\.com/r/[^/]+/tell/", link)
    assert message.text == (
        f"Hello. There’s a question about your appointment. Read it here:\n{link}\n\nYou’ll need your PIN.\n"
    )
    everything = f"{message.subject} {message.sender} {message.text} {message.html}".replace(link, "").lower()
    for word in WORDS_NOT_IN_DISCREET_MESSAGES:
        assert word.lower() not in everything


def test_invitation_escapes_the_name_only_in_html(officer, settings):
    _booking, message = invitation(officer, settings, contact__name="Maya <b>O'Brien</b>")

    assert "Hello Maya <b>O'Brien</b>." in message.text
    assert "Hello Maya &lt;b&gt;O'Brien&lt;/b&gt;." in message.html


def test_feedback_invitation_is_in_the_requesters_language(officer, settings, welsh):
    _booking, message = invitation(officer, settings, contact__language=welsh)

    assert '<html lang="cy"' in message.html


@pytest.fixture
def concern(officer):
    return ConcernFactory(report__booking=make_completed_booking([officer]), kind="lighting")


def test_answer_to_a_concern_reaches_the_requester(concern, inspector, settings):
    actions.start_screening(concern, by=inspector)
    actions.accept_concern(
        concern,
        actions.Acceptance(owner=inspector, review_date=REVIEW_DATE),
        by=inspector,
        internal="Ring the council.",
    )

    message = Message.objects.get(kind="concern_answered")
    assert message.subject == "News about what you told us"
    assert f"what you told us on {london.long_date(concern.reported_at)}: {concern.kind_label}." in message.text
    assert "Where it stands: We’re looking into it.\n" in message.text
    assert "We’ll write to you again" in message.text
    content = message.text + message.html
    assert [text for text in ("I cannot see", "library", "Ring the council") if text in content] == []
    assert re.search(re.escape(settings.PUBLIC_URL) + r"/tell-us/[\w-]{43}/", message.text)


def test_answer_gives_the_reason_for_no_action(concern, inspector):
    actions.close_concern_without_action(concern, by=inspector, reason="The land is\nprivate & gated.")

    message = Message.objects.get()
    assert "Where it stands: We can’t change this. The land is private & gated.\n" in message.text
    assert "private &amp; gated." in message.html
    assert "We’ll write to you again" not in message.text


def test_discreet_answer_is_not_revealing(concern, inspector, settings):
    Booking.objects.update(channel=Channel.DISCREET)

    actions.divert_concern(concern, by=inspector, external_reference="CRIS 4711")

    message = Message.objects.get()
    assert (message.subject, message.sender) == ("Your appointment", settings.DISCREET_FROM_EMAIL)
    link = find_link(message.text.replace(settings.DISCREET_URL, "https://plain.example.com"))
    assert link.endswith("/tell/")
    content = re.sub(r"https?://\S+", "", message.text + message.html).lower()
    assert [word for word in [*WORDS_NOT_IN_DISCREET_MESSAGES, "lighting", "4711"] if word.lower() in content] == []


@pytest.mark.parametrize(
    "fields", [{"channel": Channel.NONE}, {"contact__messages_stopped_at": timezone.now()}], ids=["none", "stopped"]
)
def test_answer_is_not_sent_to_a_requester_without_email(fields, concern, inspector):
    set_booking_fields(concern.report.booking, **fields)

    actions.close_concern_without_action(concern, by=inspector, reason="The land is private.")

    assert not Message.objects.exists()


def test_invitation_is_sent_as_text_if_its_html_fails(officer, settings, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(compose, "render_to_string", fail)

    _booking, message = invitation(officer, settings)

    assert (message.html, "What worried you" in message.text) == ("", True)
