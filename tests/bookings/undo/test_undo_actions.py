"""When a decision can be undone, what is left of it, and when its messages leave at once."""

import dataclasses
import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bookings.events import record
from bookings.manage.contact.actions import stop_messages
from bookings.manage.freeze.actions import freeze_booking
from bookings.models.bookings import Booking
from bookings.models.undoable_decisions import UndoableDecision
from bookings.notices.acknowledgements import acknowledge_news
from bookings.notices.walk_card import last_changes
from bookings.on_the_day.officer_withdrawal import withdraw_from_walk
from bookings.scheduling.cancellation.actions import cancel_booking_by_requester
from bookings.scheduling.offers.actions import accept_offer
from bookings.statuses import EventKind, Status
from bookings.triage.claims.actions import add_colleague_note, claim_booking
from bookings.undo.actions import undo_decision
from outbox.models import Message
from outbox.sending.delivery import deliver_due
from outbox.statuses import State
from tests.support.decisions import cancel_now, change_now, decline_now, schedule_now
from tests.support.factories import OfficerFactory, confirmed_adjustments, in_days, scheduled_booking
from tests.support.undo import all_rows
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed
from walks.models.walks import Assignment, Walk
from walks.planning.plans import assign_officers

pytestmark = pytest.mark.django_db


def test_undo_is_an_event_of_the_inspector_and_the_versions_move_on(scheduled, inspector):
    booking, decision = scheduled
    version = booking.version

    undo_decision(decision, by=inspector)

    booking.refresh_from_db()
    event = booking.events.last()
    assert (event.kind, event.code, event.by) == (EventKind.UNDONE, EventKind.SCHEDULED, inspector)
    assert event.undoes == booking.events.get(kind=EventKind.SCHEDULED)
    assert booking.version == event.version == version + 1


def test_undone_booking_can_be_scheduled_again(scheduled, inspector, team, plan):
    booking, decision = scheduled
    undo_decision(decision, by=inspector)
    booking.refresh_from_db()

    walk = schedule_now(booking, inspector, plan=plan, officers=team)

    assert walk.live_officers() == team
    assert Message.objects.filter(state=State.PENDING).count() == 3


def test_undone_cancellation_can_be_made_again(booked, inspector, decided):
    decision, _before = decided(lambda: cancel_now(booked, inspector))
    undo_decision(decision, by=inspector)
    booked.refresh_from_db()

    cancel_now(booked, inspector)

    assert Message.objects.filter(state=State.PENDING).count() == 3
    assert not Assignment.objects.filter(is_live=True).exists()


def test_undo_refused_once_the_time_is_over(scheduled, inspector):
    booking, decision = scheduled

    with (
        time_machine.travel(decision.release_at, tick=False),
        pytest.raises(TransitionNotAllowed, match=r"the message has gone\. Change or cancel the walk instead"),
    ):
        undo_decision(decision, by=inspector)

    booking.refresh_from_db()
    assert booking.status == Status.SCHEDULED


@pytest.mark.parametrize("state", [State.SENT, State.SENDING, State.RETRY, State.FAILED])
def test_undo_refused_if_one_message_has_left_or_is_leaving(state, scheduled, inspector):
    booking, decision = scheduled
    now = timezone.now()
    lease = {"lease_until": now, "lease_token": decision.pk} if state == State.SENDING else {}
    Message.objects.filter(thread__startswith="officer:").update(state=state, sent_at=now, attempts=1, **lease)
    before = all_rows()

    with pytest.raises(TransitionNotAllowed, match="the message has gone"):
        undo_decision(decision, by=inspector)

    assert all_rows() == before
    assert Message.objects.get(thread=f"requester:{booking.pk}").state == State.PENDING


def test_second_undo_says_that_it_has_been_undone(scheduled, inspector):
    _booking, decision = scheduled
    undo_decision(decision, by=inspector)

    with pytest.raises(TransitionNotAllowed, match="You’ve already undone this"):
        undo_decision(decision, by=inspector)


def test_only_the_inspector_who_decided_may_undo(scheduled, colleague):
    _booking, decision = scheduled

    with pytest.raises(PermissionDenied):
        undo_decision(decision, by=colleague)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda booking, inspector, colleague: acknowledge_news(booking, version=booking.version),
        lambda booking, inspector, colleague: cancel_booking_by_requester(booking),
        lambda booking, inspector, colleague: claim_booking(booking, by=colleague, claimed_by_id=None),
        lambda booking, inspector, colleague: cancel_now(booking, colleague),
        lambda booking, inspector, colleague: withdraw_from_walk(booking.walk, by=booking.walk.live_officers()[0]),
        lambda booking, inspector, colleague: freeze_booking(booking),
        lambda booking, inspector, colleague: record(EventKind.CARD_READ_OUT, booking=booking, by=colleague),
        lambda booking, inspector, colleague: stop_messages(booking),
    ],
    ids=["seen", "cancelled", "claimed", "cancelled by us", "officer left", "frozen", "read out", "messages stopped"],
)
def test_undo_refused_if_anybody_has_done_anything_since(meanwhile, scheduled, inspector, colleague):
    booking, decision = scheduled
    booking.refresh_from_db()
    meanwhile(booking, inspector, colleague)
    before = all_rows()

    with pytest.raises(TransitionNotAllowed, match="Someone has changed this since"):
        undo_decision(decision, by=inspector)

    assert all_rows() == before


def test_undo_refused_after_the_booking_was_handed_over(booking, inspector, decided, camden):
    decision, _before = decided(lambda: decline_now(booking, inspector))
    Booking.objects.filter(pk=booking.pk).update(bcu=camden.bcu)

    with pytest.raises(TransitionNotAllowed, match="Someone has changed this since"):
        undo_decision(decision, by=inspector)


def test_undo_keeps_a_note_that_a_colleague_added_meanwhile(scheduled, inspector, colleague):
    booking, decision = scheduled
    add_colleague_note(booking, by=colleague, note="She has a dog")

    undo_decision(decision, by=inspector)

    booking.refresh_from_db()
    assert booking.status == Status.WAITING
    assert booking.events.get(kind=EventKind.NOTE_ADDED).note == "She has a dog"


def test_undo_refused_if_an_officer_has_another_walk_by_now(booked, inspector, team, decided):
    decision, _before = decided(lambda: cancel_now(booked, inspector))
    other = scheduled_booking([OfficerFactory(bcu=inspector.bcu)]).walk
    assign_officers(other, [team[0]])

    with pytest.raises(TransitionNotAllowed, match="Someone has changed this since"):
        undo_decision(decision, by=inspector)

    assert Booking.objects.get(pk=booked.pk).status == Status.CANCELLED_BY_US
    assert Message.objects.filter(state=State.UNDONE).count() == 0


def test_undo_restores_the_held_message_of_the_decision_before(booked, inspector, team, plan, decided):
    def move(day):
        walk = Walk.objects.get()
        plan_then = dataclasses.replace(plan, start_at=in_days(day))
        change_now(walk, inspector, plan=plan_then, officers=team, arranged=confirmed_adjustments(booked))

    move(11)
    first = Message.objects.get(thread=f"requester:{booked.pk}")
    decision, _before = decided(lambda: move(12))
    UndoableDecision.objects.exclude(pk=decision.pk).delete()
    assert Message.objects.get(pk=first.pk).state == State.SUPERSEDED

    undo_decision(decision, by=inspector)

    first.refresh_from_db()
    assert (first.state, first.superseded_at) == (State.PENDING, None)
    assert Walk.objects.get().start_at == in_days(11)
    assert london.long_date(in_days(11)) in last_changes(booked)[0]
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1)):
        assert deliver_due(limit=10) == 3
    assert Message.objects.filter(state=State.SENT, thread=first.thread).get() == first


def test_earlier_decision_cannot_be_undone_after_a_later_one(booking, inspector, team, plan, decided):
    first, _before = decided(lambda: schedule_now(booking, inspector, plan=plan, officers=team))
    booking.refresh_from_db()
    second, _before = decided(lambda: cancel_now(booking, inspector))

    with pytest.raises(TransitionNotAllowed, match="Someone has changed this since"):
        undo_decision(first, by=inspector)

    undo_decision(second, by=inspector)
    assert Booking.objects.get().status == Status.SCHEDULED


@pytest.mark.parametrize("hours", [1.9, -0.5])
def test_messages_leave_at_once_within_two_hours_of_the_start(hours, booked, inspector):
    with time_machine.travel(booked.walk.start_at - datetime.timedelta(hours=hours), tick=False):
        cancel_now(booked, inspector)

        assert not UndoableDecision.objects.exists()
        assert {message.is_held for message in Message.objects.all()} == {False}
        assert deliver_due(limit=10) == 3


def test_change_to_a_walk_that_starts_soon_leaves_at_once(booked, inspector, team, plan):
    now = booked.walk.start_at - datetime.timedelta(days=1)
    with time_machine.travel(now, tick=False):
        soon = dataclasses.replace(plan, start_at=now + datetime.timedelta(hours=1))
        change_now(booked.walk, inspector, plan=soon, officers=team, arranged=confirmed_adjustments(booked))

    assert {message.is_held for message in Message.objects.all()} == {False}


def test_nothing_is_held_if_the_setting_is_0(settings, booking, inspector):
    settings.UNDO_SECONDS = 0

    decline_now(booking, inspector)

    assert not UndoableDecision.objects.exists()
    assert not Message.objects.get().is_held


def test_her_own_act_leaves_at_once(booked):
    cancel_booking_by_requester(booked)

    assert {message.is_held for message in Message.objects.all()} == {False}


def test_hold_does_not_outlive_a_refused_decision(booking, inspector):
    with pytest.raises(TransitionNotAllowed):
        accept_offer(booking, offer=booking.pk)
    booking.version -= 1
    with pytest.raises(TransitionNotAllowed):
        decline_now(booking, inspector)

    cancel_booking_by_requester(booking)

    assert {message.is_held for message in Message.objects.all()} == {False}
