"""Messages that are held so that a decision can be undone: when they leave, in which order, and what counts as late."""

import datetime

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from outbox import tasks
from outbox.actions import message_batch, supersede, take_back
from outbox.health import readiness
from outbox.models import Message
from outbox.sending import delivery
from outbox.statuses import State
from tests.support.message_sending import deliver

pytestmark = pytest.mark.django_db
HOLD = datetime.timedelta(seconds=30)


@pytest.fixture
def hold(queue):
    """Return a function that queues messages of one decision, held for 30 seconds, and returns its batch."""

    def hold(*messages):
        with message_batch(hold_until=timezone.now() + HOLD) as batch:
            for message in messages or ({},):
                queue(**message)
        return batch

    return hold


def after_the_hold():
    return time_machine.travel(timezone.now() + HOLD, tick=False)


def test_held_message_leaves_after_the_hold_and_not_before(sink, hold):
    (message,) = hold().queued

    during = deliver(message)
    with after_the_hold():
        tried = delivery.deliver_due(limit=10)

    assert (during, tried, Message.objects.get().state) == (State.PENDING, 1, State.SENT)


def test_newer_message_of_the_thread_waits_for_a_held_one(sink, hold, queue):
    (held,) = hold().queued
    newer, of_another = queue(), queue(thread="requester:2")

    states = [deliver(message.pk) for message in (newer, of_another)]

    assert states == [State.PENDING, State.SENT]
    with after_the_hold():
        delivery.deliver_due(limit=10)
    received = [content for content in sink.contents if Message.objects.get(pk=held).message_id.encode() in content]
    assert sink.contents.index(received[0]) == 1
    assert len(sink.contents) == 3


def test_held_message_is_neither_late_nor_undelivered_before_its_time(hold):
    hold()
    now = timezone.now()

    assert not Message.objects.undelivered(now).exists()
    assert readiness()["oldest_unsent_age"] is None
    with time_machine.travel(now + HOLD + datetime.timedelta(seconds=5), tick=False):
        assert Message.objects.undelivered(timezone.now()).exists()
        assert 4 <= readiness()["oldest_unsent_age"] <= 6


def test_held_message_is_late_ten_minutes_after_its_release(hold):
    hold()
    message = Message.objects.get()

    assert not message.is_undelivered_or_late(message.created_at + datetime.timedelta(minutes=10))
    assert message.is_undelivered_or_late(message.send_after + datetime.timedelta(minutes=10))


def test_queue_is_told_when_the_held_message_leaves(hold, monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr(tasks, "request_delivery", lambda pk, *, at=None: asked.append((pk, at)))

    with django_capture_on_commit_callbacks(execute=True):
        batch = hold()

    assert asked == [(batch.queued[0], Message.objects.get().send_after)]


def test_take_back_stops_held_messages_and_restores_those_they_replaced(hold, queue):
    older = queue()
    with message_batch(hold_until=timezone.now() + HOLD) as batch, transaction.atomic():
        supersede("requester:1")
        queue()

    with transaction.atomic():
        is_taken_back = take_back(batch)

    states = dict(Message.objects.values_list("pk", "state"))
    assert is_taken_back
    assert states == {older.pk: State.PENDING, batch.queued[0]: State.UNDONE}
    assert Message.objects.get(pk=older.pk).superseded_at is None


def test_take_back_puts_a_replaced_message_in_review_back_there(hold, queue):
    older = queue()
    Message.objects.filter(pk=older.pk).update(state=State.REVIEW)
    with message_batch(hold_until=timezone.now() + HOLD) as batch, transaction.atomic():
        supersede("requester:1")
        queue()

    with transaction.atomic():
        take_back(batch)

    older.refresh_from_db()
    assert (older.state, older.superseded_at, older.resolved_at) == (State.REVIEW, None, None)


def test_take_back_changes_nothing_if_one_has_left(hold):
    batch = hold({}, {"thread": "officer:1"})
    Message.objects.filter(thread="officer:1").update(state=State.SENT, sent_at=timezone.now())

    with transaction.atomic():
        is_taken_back = take_back(batch)

    assert not is_taken_back
    assert Message.objects.get(thread="requester:1").state == State.PENDING


def test_take_back_leaves_a_replaced_message_that_was_sent_all_the_same(hold, queue):
    older = queue()
    with message_batch(hold_until=timezone.now() + HOLD) as batch, transaction.atomic():
        supersede("requester:1")
        queue()
    Message.objects.filter(pk=older.pk).update(state=State.SENT, sent_at=timezone.now())

    with transaction.atomic():
        take_back(batch)

    assert Message.objects.get(pk=older.pk).state == State.SENT


def test_batch_around_another_collects_its_messages(queue):
    with message_batch() as outer:
        with message_batch(hold_until=timezone.now() + HOLD) as inner:
            queue()
        queue(thread="requester:2")

    assert outer.queued[:1] == inner.queued
    assert [message.is_held for message in Message.objects.order_by("number")] == [True, False]
