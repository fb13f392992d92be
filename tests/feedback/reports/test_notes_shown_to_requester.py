"""The message and the page that show a requester what officers recorded for her."""

import datetime
import re
import uuid
from functools import partial

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from bookings.manage.contact.actions import UnsafeInbox, report_unsafe_inbox
from bookings.models.bookings import Booking
from bookings.notices.threads import requester_thread
from bookings.on_the_day.actions import cut_walk_short, start_walk
from bookings.statuses import Channel, Whereabouts
from feedback.models.concerns import Concern
from feedback.reports import actions
from outbox.models import Message
from outbox.statuses import State as MessageState
from tests.support.factories import WalkFactory, scheduled_booking
from tests.support.feedback_factories import make_completed_booking, make_report_submission
from tests.support.requester_pages import PIN
from tests.support.walk_notes import add_walk_note, record_concern
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


def test_recorded_concern_sends_a_message_without_the_requesters_report(completed_booking, officer):
    started_at = timezone.now()

    record_concern(completed_booking, officer)

    message = Message.objects.get(kind="recorded_notes")
    assert (message.recipient, message.subject) == ("maya@example.com", "What we heard")
    assert started_at < message.send_after < started_at + datetime.timedelta(minutes=20)
    for body in (message.text, message.html):
        assert "library" not in body
        assert "cannot see" not in body


def test_link_in_the_message_opens_the_notes(completed_booking, officer, client, settings):
    record_concern(completed_booking, officer)
    message = Message.objects.get(kind="recorded_notes")

    response = client.get(re.search(r"https?://[^/\s]+(/tell-us/\S+/heard/)", message.text).group(1))

    assert "The path behind the library" in response.text
    assert "I cannot see the ground." in response.text


@pytest.mark.parametrize("record", [record_concern, partial(add_walk_note, agreed="We will ring.")])
def test_notes_do_not_go_to_an_inbox_that_was_reported_meanwhile(record, completed_booking, officer):
    booking_as_read_before = Booking.objects.select_related("contact").get(pk=completed_booking.pk)
    report_unsafe_inbox(completed_booking, UnsafeInbox(channel=Channel.DISCREET, new_pin=""))

    record(booking_as_read_before, officer)

    message = Message.objects.get(kind="recorded_notes")
    assert "Maya" not in message.text
    assert message.sender == django_settings.DISCREET_FROM_EMAIL


def test_two_notes_within_minutes_send_one_message(completed_booking, officer):
    record_concern(completed_booking, officer)
    record_concern(completed_booking, officer, place="The underpass")

    states = Message.objects.filter(kind="recorded_notes").order_by("number").values_list("state", flat=True)

    assert list(states) == [MessageState.SUPERSEDED, MessageState.PENDING]


def test_cutting_a_walk_short_does_not_stop_the_message(officer, second_officer):
    team = [officer, second_officer]
    booking = scheduled_booking(team, walk=WalkFactory(officers=team, start_at=timezone.now()))
    start_walk(booking.walk, by=officer)
    record_concern(booking, officer)

    cut_walk_short(booking.walk, by=officer, where=Whereabouts.AT_HOME)

    states = dict(Message.objects.in_thread(requester_thread(booking)).values_list("kind", "state"))
    assert states == {"recorded_notes": MessageState.PENDING, "cut_short": MessageState.PENDING}


def test_page_sent_twice_sends_one_message(completed_booking, officer):
    submission = uuid.uuid4()
    for _ in range(2):
        actions.record_concern(
            completed_booking.walk, completed_booking, make_report_submission(), submission=submission, by=officer
        )

    assert Message.objects.filter(kind="recorded_notes").count() == 1


@pytest.mark.parametrize("fields", [{"channel": Channel.NONE}, {"contact__messages_stopped_at": timezone.now()}])
def test_requester_without_email_reads_it_on_her_page(fields, officer):
    booking = make_completed_booking([officer], **fields)

    record_concern(booking, officer)

    assert not Message.objects.filter(kind="recorded_notes").exists()
    assert Concern.objects.recorded_for(booking).count() == 1


def test_discreet_message_and_page_do_not_mention_a_walk(officer, client):
    booking = make_completed_booking([officer], channel=Channel.DISCREET)
    record_concern(booking, officer)
    message = Message.objects.get(kind="recorded_notes")
    token = re.search(r"/r/([^/]+)/heard/", message.text).group(1)
    neutral = {"host": django_settings.DISCREET_HOST}

    page = client.post(f"/r/{token}/heard/", {"pin": PIN}, headers=neutral, follow=True)

    assert message.sender == django_settings.DISCREET_FROM_EMAIL
    assert "I cannot see the ground." in page.text
    rest_of_page = page.text.replace("The path behind the library", "")
    for word in ("police", "officer", "walk", "Maya"):
        assert word not in (message.subject + message.text + message.html).lower().replace("maya@", "")
        assert word.lower() not in re.sub(r"<[^>]*>", "", rest_of_page).lower()


def test_requester_reads_agreements_and_not_notes_for_colleagues(completed_booking, officer, requester_pages):
    add_walk_note(completed_booking, officer, noted=["ring_her"], agreed="We ask for a lamp.", words="Bring a torch.")
    client, address = requester_pages

    page = client.get(address("recorded_notes"))

    assert "We ask for a lamp." in page.text
    assert "Bring a torch." not in page.text
    assert Message.objects.filter(kind="recorded_notes").count() == 1


def test_note_without_an_agreement_sends_no_message(completed_booking, officer, requester_pages):
    add_walk_note(completed_booking, officer, noted=["as_planned"])
    client, address = requester_pages

    assert not Message.objects.exists()
    assert "Nothing was written down for you." in client.get(address("recorded_notes")).text


def test_message_has_the_date_of_the_walk(completed_booking, officer):
    record_concern(completed_booking, officer)

    assert london.long_date(completed_booking.walk.start_at) in Message.objects.get().text
