"""Undo at the same moment as a sender, a colleague or a second press: never two winners."""

import pytest
from django.db.models import Q
from django.utils import timezone

from bookings.models.bookings import Booking
from bookings.models.undoable_decisions import UndoableDecision
from bookings.statuses import EventKind, Status
from bookings.undo.actions import undo_decision
from outbox.models import Message
from outbox.sending import claims
from outbox.statuses import State
from tests.support.concurrency import run_concurrently
from tests.support.decisions import cancel_now, decline_now
from tests.support.factories import BookingFactory, InspectorFactory, scheduled_booking
from tests.support.lock_waits import press_while_locked
from walkandtalk.lib.errors import ActionError

pytestmark = pytest.mark.django_db(transaction=True)


def press_undo(inspector):
    try:
        undo_decision(UndoableDecision.objects.order_by("made_at").last(), by=inspector)
    except ActionError as error:
        return str(error)
    return "undone"


@pytest.fixture
def declined(southwark, inspector):
    booking = BookingFactory(borough=southwark)
    decline_now(booking, inspector)
    return booking


def test_undo_waits_for_a_sender_that_has_the_message_and_is_refused(declined, inspector):
    message = Message.objects.get()

    def lock():
        Message.objects.select_for_update(no_key=True).get(pk=message.pk)

    def act():
        claims.start_attempt(message, timezone.now())

    said = press_while_locked(lambda: press_undo(inspector), lock=lock, act=act)

    assert "the message has gone" in said
    assert Booking.objects.get().status == Status.DECLINED
    assert Message.objects.get().state == State.SENDING


def test_sender_leaves_a_message_alone_while_it_is_being_undone(declined, inspector):
    Message.objects.update(next_at=timezone.now(), send_after=None)

    claimed, said = run_concurrently(
        lambda: claims.claim(Q(thread__startswith="requester:")), lambda: press_undo(inspector)
    )

    state = Message.objects.get().state
    if said == "undone":
        assert (claimed, state, Booking.objects.get().status) == (None, State.UNDONE, Status.WAITING)
    else:
        assert claimed is not None
        assert (state, Booking.objects.get().status) == (State.SENDING, Status.DECLINED)


def test_two_presses_at_once_undo_once(declined, inspector):
    said = run_concurrently(lambda: press_undo(inspector), lambda: press_undo(inspector))

    assert sorted(said) == ["You’ve already undone this.", "undone"]
    assert declined.events.filter(kind=EventKind.UNDONE).count() == 1


def test_colleague_who_waits_for_an_undo_is_refused(southwark, team, inspector):
    booking = scheduled_booking(team, borough=southwark)
    colleague = InspectorFactory(bcu=southwark.bcu)
    cancel_now(booking, inspector)
    decision = UndoableDecision.objects.get()
    outdated = Booking.objects.get(pk=booking.pk)

    def press_decline():
        try:
            decline_now(outdated, colleague)
        except ActionError as error:
            return str(error)
        return "declined"

    said = press_while_locked(
        press_decline,
        lock=lambda: Booking.objects.select_for_update(no_key=True).get(pk=booking.pk),
        act=lambda: undo_decision(decision, by=inspector),
    )

    assert "Someone has changed this since you opened the page: “Decision undone” by" in said
    assert Booking.objects.get().status == Status.SCHEDULED


def test_undo_that_waits_for_a_colleague_is_refused(southwark, team, inspector):
    booking = BookingFactory(borough=southwark)
    colleague = InspectorFactory(bcu=southwark.bcu)
    decline_now(booking, inspector)

    def act():
        Booking.objects.filter(pk=booking.pk).update(version=booking.version + 1)

    said = press_while_locked(
        lambda: press_undo(inspector),
        lock=lambda: Booking.objects.select_for_update(no_key=True).get(pk=booking.pk),
        act=act,
    )

    assert "Someone has changed this since you decided" in said
    assert colleague.pk
    assert Booking.objects.get().status == Status.DECLINED
