"""Response targets: the team is told once when an answer is at risk, and once when it is late."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import close_old_connections, connections
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.notices import threads
from bookings.response_targets import answers_at_risk_until
from bookings.statuses import EventKind, Status
from bookings.triage import jobs
from bookings.triage.escalation import send_answer_due_alert
from outbox.models import Message
from tests.support.alerts import alerts_of
from tests.support.decisions import decline_now
from tests.support.factories import BookingFactory, in_days, scheduled_booking
from tests.support.sample_messages import REQUESTER_WORDS
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


def at(day, clock):
    return london.to_instant(datetime.date.fromisoformat(day), datetime.time.fromisoformat(clock))


@pytest.fixture
def booking(southwark):
    """A booking made on Friday 11 December 2026, to be answered by Wednesday the 16th at 5pm."""
    return BookingFactory(
        borough=southwark,
        asked_at=at("2026-12-11", "10:00"),
        answer_due_at=at("2026-12-16", "17:00"),
        walk_needed_at=at("2026-12-21", "18:30"),
    )


def get_alerts(day, clock, times=2):
    with time_machine.travel(at(day, clock), tick=False):
        for _ in range(times):
            jobs.send_answer_due_alerts(timezone.now())
    return [message.kind for message in Message.objects.order_by("number")]


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (("2026-12-08", "10:00"), ("2026-12-09", "10:00")),  # a Tuesday
        (("2026-12-08", "08:59"), ("2026-12-09", "09:00")),
        (("2026-12-08", "17:00"), ("2026-12-10", "09:00")),
        (("2026-12-11", "16:59"), ("2026-12-14", "16:59")),  # a Friday
        (("2026-12-11", "17:00"), ("2026-12-15", "09:00")),
        (("2026-12-12", "12:00"), ("2026-12-15", "09:00")),  # a Saturday
        (("2026-12-24", "12:00"), ("2026-12-29", "12:00")),  # Christmas, with Boxing Day observed on Monday 28
        (("2026-12-24", "17:00"), ("2026-12-30", "09:00")),
        (("2027-03-25", "12:00"), ("2027-03-30", "12:00")),  # Easter, and the clocks go forward on the 28th
        (("2026-10-23", "12:00"), ("2026-10-26", "12:00")),  # the clocks go back on the 25th
    ],
)
def test_answers_at_risk_until_leaves_one_working_day(now, until):
    assert answers_at_risk_until(at(*now)) == at(*until)


def test_team_is_told_once_at_risk_and_once_late(booking, bcu):
    assert get_alerts("2026-12-15", "16:59") == []
    assert get_alerts("2026-12-15", "17:00") == ["team_answer_at_risk"]
    assert get_alerts("2026-12-16", "16:59") == ["team_answer_at_risk"]
    assert get_alerts("2026-12-16", "17:00") == ["team_answer_at_risk", "team_answer_late"]
    assert get_alerts("2026-12-30", "12:00") == ["team_answer_at_risk", "team_answer_late"]

    assert {message.recipient for message in Message.objects.all()} == {bcu.inbox}
    assert [event.kind for event in booking.events.all()] == [EventKind.RESPONSE_AT_RISK, EventKind.RESPONSE_LATE]


def test_response_target_on_a_sunday_is_at_risk_on_a_working_day(booking):
    Booking.objects.update(answer_due_at=at("2026-12-13", "18:30"))

    assert get_alerts("2026-12-10", "16:59") == []
    assert get_alerts("2026-12-10", "17:00") == ["team_answer_at_risk"]


def test_late_answer_is_reported_once(booking):
    assert get_alerts("2026-12-17", "12:00") == ["team_answer_late"]


def test_team_is_told_again_about_a_new_response_target(booking):
    get_alerts("2026-12-16", "17:00")
    Booking.objects.update(answer_due_at=at("2026-12-18", "17:00"))

    assert get_alerts("2026-12-17", "12:00")[1:] == []
    assert get_alerts("2026-12-17", "17:00")[1:] == ["team_answer_at_risk"]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.WAITING, Status.SCHEDULED, Status.COMPLETED}))
def test_team_is_not_told_if_no_answer_is_due(status, booking):
    Booking.objects.update(status=status)

    assert get_alerts("2026-12-17", "12:00") == []


def test_team_is_not_told_about_an_answered_booking(booking):
    Booking.objects.update(answered_at=at("2026-12-16", "10:00"))

    assert get_alerts("2026-12-17", "12:00") == []


def test_team_is_told_about_an_unanswered_change_request(southwark, officer):
    asking = scheduled_booking([officer], borough=southwark)
    Booking.objects.update(answer_due_at=at("2026-12-16", "17:00"))
    assert get_alerts("2026-12-17", "12:00") == []

    Booking.objects.filter(pk=asking.pk).update(change_requested_at=at("2026-12-11", "10:00"))

    assert get_alerts("2026-12-17", "12:00") == ["team_answer_late"]


def test_nominated_inspector_is_told_about_a_restricted_booking(booking, stranger):
    Booking.objects.update(nominated_inspector=stranger)

    get_alerts("2026-12-17", "12:00")

    assert Message.objects.get().recipient == stranger.email


def test_messages_say_when_and_link_to_the_booking_without_personal_details(booking):
    get_alerts("2026-12-15", "17:00")
    get_alerts("2026-12-16", "17:00")

    risk, late = Message.objects.order_by("number")
    assert (risk.subject, late.subject) == (
        f"Answer soon: {booking.spoken_reference}",
        f"Answer is late: {booking.spoken_reference}",
    )
    for message in (risk, late):
        assert "5pm on Wednesday 16 December 2026" in message.text
        assert "6:30pm on Monday 21 December 2026" in message.text
        assert f"/staff/bookings/{booking.pk}/" in message.text
        assert f"/staff/bookings/{booking.pk}/" in message.html
        assert not [word for word in REQUESTER_WORDS if word in message.subject + message.text + message.html]


def test_alerted_booking_does_not_block_the_next_batch(booking, southwark, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 1)
    get_alerts("2026-12-17", "12:00", times=1)
    BookingFactory(borough=southwark, answer_due_at=at("2026-12-16", "18:00"))

    assert get_alerts("2026-12-17", "12:00", times=1) == ["team_answer_late"] * 2


@pytest.mark.django_db(transaction=True)
def test_concurrent_alerts_tell_the_team_once(booking):
    now = at("2026-12-17", "12:00")
    rows = [Booking.objects.get() for _ in range(8)]

    def escalate(row):
        try:
            send_answer_due_alert(row, now=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(escalate, rows))
    close_old_connections()

    assert Message.objects.in_thread(threads.team_booking_thread(booking)).count() == 1


def test_today_says_how_many_answers_are_due(client, inspector, southwark):
    late = BookingFactory(borough=southwark, contact__name="Lena", answer_due_at=in_days(-1))
    soon = BookingFactory(
        borough=southwark, contact__name="Rita", answer_due_at=timezone.now() + datetime.timedelta(hours=2)
    )
    BookingFactory(borough=southwark, contact__name="Tina", answer_due_at=in_days(9))
    client.force_login(inspector)

    (both,) = alerts_of(client, "answers_due")
    decline_now(late, inspector, reason="no_officers")
    (one,) = alerts_of(client, "answers_due")

    assert (both.title, both.is_now, both.action) == ("Answer overdue.", True, "Answer 2")
    assert both.about.startswith("L.")
    assert (one.title, one.action, one.href) == ("Answer due.", "Answer her", f"/staff/bookings/{soon.pk}/")
