"""The contact page shows how our emails look on a locked phone, taken from the real messages."""

import pytest
from django.conf import settings

from bookings.notices import lock_screen
from bookings.notices.lock_screen import EXAMPLE
from bookings.statuses import Channel
from outbox.composing.message_files import kinds
from tests.support.drafts_and_messages import make_complete_draft
from tests.support.factories import scheduled_booking
from tests.support.sample_messages import KINDS_TO_REQUESTER, write_to_requester
from walkandtalk.lib import london


@pytest.mark.parametrize("channel", [Channel.FULL, Channel.DISCREET])
@pytest.mark.parametrize("kind", KINDS_TO_REQUESTER)
def test_lock_screens_show_the_sender_and_subject_of_every_message(kind, channel, officer, second_officer):
    booking = scheduled_booking([officer, second_officer], channel=channel)

    message = write_to_requester(kind, booking)

    screen = lock_screen.lock_screens()[channel]
    assert screen.usual_subject in screen.subjects
    walk_day = london.long_date(booking.walk_needed_at)
    subject = message.subject.replace(walk_day, EXAMPLE["date"]).replace(booking.spoken_reference, EXAMPLE["reference"])
    assert subject in screen.subjects
    assert message.sender.startswith(f"{screen.sender} <")


def test_lock_screens_include_messages_after_the_walk_and_none_to_staff(db):
    full, discreet = lock_screen.lock_screens().values()
    every = kinds()
    to_staff = [kind for kind in every if kind.startswith(("account_", "auditor_", "officer_", "standards_", "team_"))]

    assert len(every) > len(to_staff) > 4
    assert len(full.subjects) > 6
    assert not [
        subject for subject in full.subjects if subject.startswith(("New walk", "Officer needed", "“This wasn’t me”"))
    ]
    assert all("walk" not in subject.lower() for subject in discreet.subjects)


def test_contact_page_shows_every_lock_screen(client, southwark):
    _draft, client.cookies[settings.ANSWERS_COOKIE_NAME] = make_complete_draft()

    page = client.get("/request/contact/").text

    for screen in lock_screen.lock_screens().values():
        assert f"From <strong>{screen.sender}</strong>" in page
        assert all(f"<li>{subject}</li>" in page for subject in screen.subjects)
