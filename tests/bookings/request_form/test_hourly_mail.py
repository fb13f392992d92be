"""The team's inbox hears of each new request, or once an hour of their number."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.request_form.jobs import notify_teams_hourly, notify_teams_of_requests
from bookings.statuses import EventKind, Status
from boroughs.models.bcus import NewRequestMail
from outbox.models import Message
from tests.support.factories import BookingFactory, in_days

pytestmark = pytest.mark.django_db

TEN = in_days(0, 10, 0)
MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)


@pytest.fixture
def hourly(southwark):
    southwark.bcu.new_request_mail = NewRequestMail.HOURLY
    southwark.bcu.save()
    return southwark


def ask(borough, *, at, **fields):
    return BookingFactory(borough=borough, asked_at=at, **fields)


def messages_after_jobs(moment):
    """Run both jobs twice at that moment, and return the kinds and subjects of all messages so far."""
    with time_machine.travel(moment, tick=False):
        for _ in range(2):
            notify_teams_of_requests(timezone.now())
            notify_teams_hourly(timezone.now())
    return [(message.kind, message.subject) for message in Message.objects.order_by("number")]


def test_one_message_an_hour_gives_the_number_and_nothing_else(hourly):
    for minutes in (5, 20, 55):
        ask(hourly, at=TEN - minutes * MINUTE)
    ask(hourly, at=TEN + MINUTE)

    early = messages_after_jobs(TEN - MINUTE)
    sent = messages_after_jobs(TEN + 2 * MINUTE)
    (message,) = Message.objects.all()
    content = message.text + message.html + message.subject

    assert early == []
    assert sent == [("team_new_requests", "3 new requests")]
    assert message.recipient == hourly.bcu.inbox
    assert "/staff/bookings/?state=unassigned" in message.text
    assert "since 9am on" in message.text
    assert [
        word for word in ("Maya", "Peckham", "6:30pm", "maya@", Booking.objects.first().reference) if word in content
    ] == []


def test_next_message_counts_only_what_came_since(hourly):
    ask(hourly, at=TEN - 5 * MINUTE)
    messages_after_jobs(TEN + 2 * MINUTE)
    ask(hourly, at=TEN + 30 * MINUTE)

    again = messages_after_jobs(TEN + 40 * MINUTE)
    sent = messages_after_jobs(TEN + HOUR + 2 * MINUTE)

    assert [subject for _kind, subject in again] == ["1 new request"]
    assert [subject for _kind, subject in sent] == ["1 new request", "1 new request"]


def test_no_message_without_new_requests(hourly):
    ask(hourly, at=TEN - 5 * MINUTE, status=Status.DECLINED)

    assert messages_after_jobs(TEN + 2 * MINUTE) == []


def test_hours_in_which_nothing_ran_are_made_up(hourly):
    ask(hourly, at=TEN - 3 * HOUR)
    messages_after_jobs(TEN - 2 * HOUR + 2 * MINUTE)
    ask(hourly, at=TEN - HOUR - 5 * MINUTE)
    ask(hourly, at=TEN - 5 * MINUTE)

    sent = messages_after_jobs(TEN + 2 * MINUTE)

    assert [subject for _kind, subject in sent] == ["1 new request", "2 new requests"]


def test_request_saved_just_after_the_hour_is_counted_once(hourly):
    ask(hourly, at=TEN - 20 * MINUTE)
    during = messages_after_jobs(TEN + MINUTE / 2)
    ask(hourly, at=TEN - MINUTE / 60)

    sent = messages_after_jobs(TEN + 2 * MINUTE)
    later = messages_after_jobs(TEN + HOUR + 2 * MINUTE)

    assert during == []
    assert [subject for _kind, subject in sent] == ["2 new requests"]
    assert later == sent


def test_urgent_and_restricted_requests_are_told_at_once(hourly, stranger):
    ask(hourly, at=TEN - 5 * MINUTE, answer_due_at=TEN + 12 * HOUR)
    ask(hourly, at=TEN - 5 * MINUTE, nominated_inspector=stranger)

    sent = messages_after_jobs(TEN - 4 * MINUTE)
    later = messages_after_jobs(TEN + 2 * MINUTE)

    assert [kind for kind, _subject in sent] == ["team_new_request", "team_new_request"]
    assert {message.recipient for message in Message.objects.all()} == {hourly.bcu.inbox, stranger.email}
    assert later == sent


def test_phone_bookings_are_not_counted(hourly, inspector):
    booking = ask(hourly, at=TEN - 5 * MINUTE)
    Event.objects.create(booking=booking, kind=EventKind.REQUESTED, by=inspector)

    assert messages_after_jobs(TEN + 2 * MINUTE) == []


def test_team_that_changes_its_mind_hears_of_no_request_twice(southwark):
    ask(southwark, at=TEN - 5 * MINUTE)
    each = messages_after_jobs(TEN - 4 * MINUTE)
    southwark.bcu.new_request_mail = NewRequestMail.HOURLY
    southwark.bcu.save()

    hourly = messages_after_jobs(TEN + 2 * MINUTE)

    assert [kind for kind, _subject in each] == ["team_new_request"]
    assert hourly == each


def test_administrator_chooses_it_with_the_other_settings_of_the_team(client, administrator, southwark):
    client.force_login(administrator)

    page = client.get(reverse("admin:boroughs_boroughcommandunit_change", args=[southwark.bcu.pk])).text

    assert "One email for each request" in page
    assert "One email an hour, with their number" in page
