import re

import pytest

from bookings.models.links import Link
from bookings.statuses import Channel, Status
from tests.support.factories import scheduled_booking
from tests.support.sample_messages import (
    KINDS_TO_REQUESTER,
    REQUESTER_WORDS,
    REVEALING_WORDS,
    find_addresses,
    read_whole_message,
    write_to_requester,
)


@pytest.fixture
def booking(southwark, officer, second_officer):
    """A booking with a scheduled walk."""
    return scheduled_booking([officer, second_officer], borough=southwark)


@pytest.mark.parametrize("kind", KINDS_TO_REQUESTER)
def test_discreet_message_has_no_revealing_word(kind, booking, settings):
    booking.channel = Channel.DISCREET

    message = write_to_requester(kind, booking)

    # Her own address may appear, and a token may spell anything.
    content = re.sub(r"/r/[\w-]{43}/|maya@example.com", "", read_whole_message(message)).lower()
    personal_words = [
        *REVEALING_WORDS,
        *REQUESTER_WORDS[:-1],
        booking.reference,
        booking.spoken_reference,
        "olive",
        "11as",
        "appointment.ics",
    ]
    assert [word for word in personal_words if word.lower() in content] == []
    assert message.sender == settings.DISCREET_FROM_EMAIL
    assert message.message_id.endswith("@appointments.example.com>")
    assert message.attachments == []


@pytest.mark.parametrize("kind", KINDS_TO_REQUESTER)
def test_discreet_message_has_one_neutral_link(kind, booking, settings):
    booking.channel = Channel.DISCREET

    message = write_to_requester(kind, booking)

    addresses = set(find_addresses(message.text + message.html))
    assert len(addresses) == 1
    assert re.fullmatch(re.escape(settings.DISCREET_URL) + r"/r/[\w-]{43}/", addresses.pop())
    assert not Link.objects.filter(purpose=Link.Purpose.REPORT).exists()


@pytest.mark.parametrize(
    ("kind", "subject", "text"),
    [
        ("booking_scheduled", "Your appointment", "Hello. There’s news about your appointment. Read it here:\n"),
        ("booking_declined", "Your appointment", "Hello. There’s news about your appointment. Read it here:\n"),
        (
            "booking_cancelled_by_us",
            "Please read before you leave",
            "Hello. Your appointment is not going ahead. Read more here:\n",
        ),
    ],
)
def test_discreet_message_has_the_agreed_text(kind, subject, text, booking):
    booking.channel = Channel.DISCREET

    message = write_to_requester(kind, booking)

    assert message.subject == subject
    assert message.text.startswith(text)
    assert message.text.endswith("/\n\nYou’ll need your PIN.\n")


@pytest.mark.parametrize("kind", KINDS_TO_REQUESTER)
def test_nothing_is_sent_if_the_requester_wants_no_email(kind, booking):
    booking.channel = Channel.NONE

    assert write_to_requester(kind, booking) is None
    assert not Link.objects.exists()


def test_nothing_is_sent_after_a_report_not_mine(booking):
    booking.status = Status.NOT_MINE

    assert write_to_requester("resent_link", booking) is None


def test_nothing_is_sent_once_the_address_is_erased(booking):
    booking.contact.email = ""

    assert write_to_requester("booking_scheduled", booking) is None
