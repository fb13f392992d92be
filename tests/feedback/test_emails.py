import re

from django.db import transaction

from bookings.models import Link
from bookings.statuses import Channel
from feedback import emails
from outbox.models import Message
from tests.feedback.factories import walked_booking
from walkandtalk.lib import london

NOT_IN_A_DISCREET_MESSAGE = ["police", "officer", "walk", "worried", "Maya", "Southwark", "Central South", "999", "101"]


def invitation(officer, settings, **fields):
    settings.PUBLIC_URL, settings.DISCREET_URL = "https://walk.example.com", "https://plain.example.com"
    booking = walked_booking([officer], **fields)
    with transaction.atomic():
        emails.after_walk(booking, now=booking.walk.end_at)
    return booking, Message.objects.get()


def link_in(text):
    return re.search(r"https://\S+", text).group()


def test_after_walk_asks_what_worried_her(officer, settings):
    booking, message = invitation(officer, settings)

    assert (message.recipient, message.sender) == ("maya@example.com", settings.FROM_EMAIL)
    assert message.subject == "How was your walk?"
    assert message.text.startswith(
        f"Hello Maya Example. What worried you where you walked on {london.long_date(booking.walk.start_at)}?\n"
    )
    for body in (message.text, message.html):
        assert "We ask only this once." in body
        assert booking.spoken_reference in body
        assert booking.bcu.duty_number in body
        assert link_in(message.text) in body


def test_after_walk_carries_a_link_of_its_own(officer, settings):
    booking, message = invitation(officer, settings)

    token = re.fullmatch(r"https://walk\.example\.com/tell-us/([^/]+)/", link_in(message.text)).group(1)

    assert Link.objects.open(token, Link.Purpose.TELL_US).booking == booking
    assert Link.objects.open(token, Link.Purpose.PAGE) is None


def test_after_walk_discreetly_says_nothing_of_a_walk(officer, settings):
    _booking, message = invitation(officer, settings, channel=Channel.DISCREET)

    assert (message.subject, message.sender) == ("Your appointment", settings.DISCREET_FROM_EMAIL)
    link = link_in(message.text)
    assert re.fullmatch(r"https://plain\.example\.com/r/[^/]+/tell/", link)
    assert message.text == (
        f"Hello. There is a question about your appointment. Read it here:\n{link}\n\nYou will need your PIN.\n"
    )
    everything = f"{message.subject} {message.sender} {message.text} {message.html}".replace(link, "").lower()
    for word in NOT_IN_A_DISCREET_MESSAGE:
        assert word.lower() not in everything


def test_after_walk_leaves_what_she_typed_as_it_is(officer, settings):
    _booking, message = invitation(officer, settings, contact__name="Maya <b>O'Brien</b>")

    assert "Hello Maya <b>O'Brien</b>." in message.text
    assert "Hello Maya &lt;b&gt;O&#x27;Brien&lt;/b&gt;." in message.html
