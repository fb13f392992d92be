"""Reminders to requesters, evening lists and notices to teams: each sent once, and true when it is sent."""

import datetime

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.undoable_decisions import UndoableDecision
from bookings.notices.jobs import send_walk_reminders
from bookings.notices.reminders import send_walk_reminder
from bookings.on_the_day.jobs import send_evening_list
from bookings.request_form import jobs
from bookings.request_form.confirmation import send_confirmation_reminder
from bookings.request_form.jobs import notify_teams_of_requests
from bookings.statuses import Channel, EventKind, Reminder, Status
from bookings.undo.actions import undo_decision
from outbox.models import Message
from tests.support.booking_fields import set_booking_fields
from tests.support.decisions import cancel_now, change_now
from tests.support.factories import (
    BCUFactory,
    BookingFactory,
    InspectorFactory,
    WalkFactory,
    confirmed_adjustments,
    in_days,
    scheduled_booking,
)
from walkandtalk.lib import london
from walks.planning.plans import WalkDetails

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)


def create_walk(date, hour, team, **fields):
    start_at = london.to_instant(date, datetime.time(hour))
    return scheduled_booking(team, walk=WalkFactory(bcu=team[0].bcu, officers=team, start_at=start_at), **fields)


def reminders(job, *moments, times=2):
    """Run the job `times` times at each moment, and return the reminders recorded so far."""
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            for _ in range(times):
                job(timezone.now())
    return list(Event.objects.filter(kind=EventKind.REMINDED).order_by("at").values_list("code", flat=True))


def message_kinds():
    return [message.kind for message in Message.objects.order_by("number")]


def test_walk_reminders_go_at_ten_the_day_before_and_two_hours_before(team):
    create_walk(in_days(10).date(), 18, team)
    moments = [in_days(9, 9, 59), in_days(9, 10, 0), in_days(9, 22), in_days(10, 15, 59), in_days(10, 16, 0)]

    counts = [len(reminders(send_walk_reminders, moment)) for moment in moments]

    assert counts == [0, 1, 1, 1, 2]
    assert reminders(send_walk_reminders) == [Reminder.DAY_BEFORE, Reminder.TWO_HOURS]
    assert message_kinds() == ["reminder", "reminder"]


def test_walk_reminders_stop_at_the_start(team):
    booking = create_walk(in_days(10).date(), 18, team)

    assert reminders(send_walk_reminders, booking.walk.start_at) == []
    assert reminders(send_walk_reminders, booking.walk.start_at - MINUTE) == [Reminder.TWO_HOURS]
    assert Message.objects.get().expires_at == booking.walk.start_at


@pytest.mark.parametrize("date", [datetime.date(2027, 3, 28), datetime.date(2027, 10, 31)], ids=["forward", "back"])
def test_walk_reminders_count_real_hours_over_a_clock_change(date, team):
    booking = create_walk(date, 3, team)
    day_before = datetime.datetime.combine(date - datetime.timedelta(days=1), datetime.time(10), london.LONDON)
    start_at = booking.walk.start_at

    moments = [day_before - MINUTE, day_before, start_at - 2 * HOUR - MINUTE, start_at - 2 * HOUR]
    counts = [len(reminders(send_walk_reminders, moment)) for moment in moments]

    assert counts == [0, 1, 1, 2]


def test_walk_reminders_catch_up_without_repeats_after_an_hour_without_jobs(team):
    booking = create_walk(in_days(10).date(), 18, team)

    assert reminders(send_walk_reminders, in_days(10, 8)) == [Reminder.DAY_BEFORE]
    assert reminders(send_walk_reminders, booking.walk.start_at - HOUR) == [Reminder.DAY_BEFORE, Reminder.TWO_HOURS]


@pytest.mark.parametrize(
    "kind", [EventKind.SCHEDULED, EventKind.CHANGED, EventKind.MESSAGE_RESENT, EventKind.CHANGE_DECLINED]
)
def test_walk_reminders_skip_requesters_who_have_just_been_told(kind, team):
    booking = create_walk(in_days(10).date(), 18, team)
    Event.objects.create(booking=booking, kind=kind, at=in_days(9, 11))

    assert reminders(send_walk_reminders, in_days(9, 11, 30)) == []
    assert reminders(send_walk_reminders, in_days(10, 16)) == [Reminder.TWO_HOURS]


def test_walk_reminders_follow_a_moved_walk(team, inspector):
    booking = create_walk(in_days(10).date(), 18, team)
    reminders(send_walk_reminders, in_days(9, 10))
    walk, later, day_of_old = booking.walk, in_days(12), in_days(10, 17)
    with time_machine.travel(in_days(9, 12), tick=False):
        plan = WalkDetails(
            start_at=later,
            minutes=60,
            meeting_place=walk.meeting_place,
            finish_place=walk.finish_place,
            duty_number=walk.duty_number,
        )
        adjustments = confirmed_adjustments(booking)
        change_now(walk, inspector, plan=plan, officers=team, arranged=adjustments)

    assert len(reminders(send_walk_reminders, day_of_old)) == 1
    assert len(reminders(send_walk_reminders, later - 24 * HOUR)) == 2
    assert f"Your walk is on {london.long_date(later)}" in Message.objects.order_by("number").last().text


def test_walk_reminders_skip_a_cancelled_walk(team, inspector):
    booking = create_walk(in_days(10).date(), 18, team)
    cancel_now(booking, inspector)

    reminders(send_walk_reminders, in_days(9, 10), in_days(10, 16))

    assert message_kinds().count("reminder") == 0


def test_walk_reminder_checks_again_after_locking_the_booking(team, inspector):
    picked = create_walk(in_days(10).date(), 18, team)
    cancel_now(Booking.objects.get(), inspector)

    send_walk_reminder(picked, now=in_days(10, 17))

    assert message_kinds().count("reminder") == 0


def test_unsent_walk_reminder_is_superseded_by_a_cancellation(team, inspector):
    booking = create_walk(in_days(10).date(), 18, team)
    two_hours = in_days(10, 17)
    with time_machine.travel(two_hours, tick=False):
        send_walk_reminders(timezone.now())
        cancel_now(booking, inspector)

    reminder = Message.objects.get(kind="reminder")
    assert reminder.state == "superseded"


@pytest.mark.parametrize(
    "fields",
    [{"contact__messages_stopped_at": timezone.now()}, {"channel": Channel.NONE}, {"confirmed_at": None}],
    ids=["stopped", "no email", "not confirmed"],
)
def test_walk_reminders_skip_requesters_we_may_not_email(fields, team):
    create_walk(in_days(10).date(), 18, team, **fields)

    assert reminders(send_walk_reminders, in_days(9, 10), in_days(10, 17)) == []
    assert message_kinds() == []


def test_walk_reminders_skip_a_walk_whose_officers_have_set_off(team):
    booking = create_walk(in_days(10).date(), 18, team)
    type(booking.walk).objects.update(set_off_at=in_days(10, 17))

    assert reminders(send_walk_reminders, in_days(10, 17, 30)) == []


def test_walk_reminder_has_the_card_the_calendar_and_any_change_request(team):
    create_walk(in_days(10).date(), 18, team, change_requested_at=timezone.now())

    reminders(send_walk_reminders, in_days(9, 10))

    message = Message.objects.get()
    assert message.subject == f"Reminder: your walk, {london.long_date(in_days(10))}, 6pm"
    for expected in ("CHECK IT’S THEM", "green lantern", "You asked for another time.", "Peckham Rye station, by the"):
        assert expected in message.text
    assert [file["filename"] for file in message.attachments] == ["walk.ics"]


@pytest.fixture
def unconfirmed(southwark):
    return BookingFactory(borough=southwark, confirmed_at=None, asked_at=timezone.now())


def test_confirmation_reminders_go_after_an_hour_and_after_a_day(unconfirmed):
    asked_at = unconfirmed.asked_at
    after = [HOUR - MINUTE, HOUR, 23 * HOUR, 24 * HOUR, 48 * HOUR]

    counts = [len(reminders(jobs.send_confirmation_reminder, asked_at + wait)) for wait in after]

    assert counts == [0, 1, 1, 2, 2]
    assert reminders(jobs.send_confirmation_reminder) == [Reminder.HOUR_LATER, Reminder.DAY_LATER]
    assert message_kinds() == ["confirm_reminder"] * 2


def test_confirmation_reminder_goes_once_after_a_day_without_jobs(unconfirmed):
    assert reminders(jobs.send_confirmation_reminder, unconfirmed.asked_at + 25 * HOUR) == [Reminder.DAY_LATER]


@pytest.mark.parametrize(
    "fields",
    [
        {"confirmed_at": timezone.now()},
        {"contact__messages_stopped_at": timezone.now()},
        {"channel": Channel.NONE},
        {"status": Status.NOT_MINE},
        {"status": Status.CANCELLED_BY_REQUESTER},
    ],
)
def test_send_confirmation_reminder_needs_an_unconfirmed_requester_who_accepts_email(fields, unconfirmed):
    set_booking_fields(unconfirmed, **fields)

    assert reminders(jobs.send_confirmation_reminder, unconfirmed.asked_at + HOUR) == []
    send_confirmation_reminder(unconfirmed, now=unconfirmed.asked_at + HOUR)
    assert message_kinds() == []


def test_confirmation_reminder_says_nothing_about_the_requester(unconfirmed):
    reminders(jobs.send_confirmation_reminder, unconfirmed.asked_at + HOUR)

    message = Message.objects.get()
    assert message.subject == f"Was it you? Your request {unconfirmed.spoken_reference}"
    assert message.text.startswith("Hello. Someone asked us for a walk")
    assert "“Yes, this was me” or “This wasn’t me”" in message.text
    content = message.text + message.html
    assert [text for text in ("Maya", "Peckham", "stick", "07700", "6:30pm") if text in content] == []


def test_evening_list_goes_at_three_with_each_officers_own_walks(team, southwark):
    shared_walk = create_walk(in_days(1).date(), 20, team)
    morning = WalkFactory(bcu=southwark.bcu, officers=team[:1], start_at=in_days(2, 14, 59))
    WalkFactory(bcu=southwark.bcu, officers=team[1:], start_at=in_days(2, 15, 0))
    WalkFactory(bcu=southwark.bcu, officers=team[1:], start_at=in_days(1, 14, 0))
    WalkFactory(bcu=southwark.bcu, officers=team[1:], start_at=in_days(2, 9, 0), status="cancelled")

    early = run(send_evening_list, in_days(1, 14, 59))
    lists = run(send_evening_list, in_days(1, 15, 0))

    assert early == []
    assert [message.recipient for message in lists] == [officer.email for officer in team]
    assert [[str(walk.pk) in message.text for walk in (shared_walk.walk, morning)] for message in lists] == [
        [True, True],
        [True, False],
    ]
    assert [message.text.count("When: ") for message in lists] == [2, 1]
    assert lists[0].expires_at == morning.end_at


def test_evening_list_goes_once_a_day_and_not_to_officers_off_the_walk(team):
    booking = create_walk(in_days(1).date(), 20, team)
    booking.walk.assignments.filter(officer=team[1]).update(is_live=False)

    assert len(run(send_evening_list, in_days(1, 15, 0))) == 1
    assert len(run(send_evening_list, in_days(1, 19, 0))) == 1


def move_to_next_week(booking, by):
    walk = booking.walk
    plan = WalkDetails(
        start_at=walk.start_at + datetime.timedelta(days=7),
        minutes=walk.minutes,
        meeting_place=walk.meeting_place,
        finish_place=walk.finish_place,
        duty_number=walk.duty_number,
    )
    change_now(walk, by, plan=plan, officers=walk.live_officers(), arranged=confirmed_adjustments(booking))


@pytest.mark.parametrize("decide", [cancel_now, move_to_next_week])
def test_evening_list_waits_while_a_decision_about_her_walks_can_be_undone(decide, team, inspector):
    three = in_days(1, 15, 0)
    create_walk(three.date(), 17, team)
    booking = create_walk(three.date(), 20, team)
    with time_machine.travel(three, tick=False), override_settings(UNDO_SECONDS=30):
        decide(booking, inspector)
        send_evening_list(timezone.now())
        held = message_kinds()
        undo_decision(UndoableDecision.objects.get(), by=inspector)

    lists = [message for message in run(send_evening_list, three) if message.kind == "tonight"]

    assert "tonight" not in held
    assert [message.text.count("When: ") for message in lists] == [2, 2]


def test_evening_list_after_the_hold_has_what_was_decided(team, inspector):
    three = in_days(1, 15, 0)
    create_walk(three.date(), 17, team)
    cancelled = create_walk(three.date(), 20, team)
    with time_machine.travel(three, tick=False), override_settings(UNDO_SECONDS=30):
        cancel_now(cancelled, inspector)

    lists = [message for message in run(send_evening_list, three + MINUTE) if message.kind == "tonight"]

    assert [message.text.count("When: ") for message in lists] == [1, 1]


def test_teams_are_told_once_about_each_request_but_not_about_phone_bookings(southwark, inspector):
    booking = BookingFactory(borough=southwark, confirmed_at=None)
    ours, old = BookingFactory(borough=southwark), BookingFactory(borough=southwark)
    Event.objects.create(booking=ours, kind=EventKind.REQUESTED, by=inspector)
    Booking.objects.filter(pk=old.pk).update(asked_at=timezone.now() - 25 * HOUR)

    (message,) = run(notify_teams_of_requests, timezone.now())

    assert (message.recipient, message.kind) == (southwark.bcu.inbox, "team_new_request")
    assert message.subject == f"New request: {booking.spoken_reference}"
    assert "She hasn’t told us yet" in message.text
    content = message.text + message.html
    assert [text for text in ("Maya", "Peckham", "6:30pm", "07700", "stick", "maya@") if text in content] == []


def test_only_the_nominated_inspector_is_told_about_a_restricted_request(southwark):
    nominated_inspector = InspectorFactory(bcu=BCUFactory(code="CN", name="Central North"))
    BookingFactory(borough=southwark, nominated_inspector=nominated_inspector)

    (message,) = run(notify_teams_of_requests, timezone.now())

    assert message.recipient == nominated_inspector.email


def run(job, moment):
    """Run the job twice at that moment, and return all messages so far."""
    with time_machine.travel(moment, tick=False):
        job(timezone.now())
        job(timezone.now())
    return list(Message.objects.order_by("number"))
