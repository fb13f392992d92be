"""Several senders, or a sender and another action, at the same moment."""

import threading
from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from outbox import actions
from outbox.models import Message
from outbox.sending import claims, delivery
from outbox.statuses import State, Step
from tests.support.concurrency import run_in_thread
from tests.support.lock_waits import is_session_blocked
from tests.support.message_sending import attempt_steps, cut_database_connections, deliver
from tests.support.wait_until import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_deliver_commits_attempt_and_lease_before_sending(sink, queue):
    message = queue()
    states = []

    def look():
        row = Message.objects.get(pk=message.pk)
        states.append((row.state, row.lease_until > timezone.now() + timedelta(seconds=50), attempt_steps(row)))
        connection.close()

    sink.at_data = look
    deliver(message.pk)

    assert states == [(State.SENDING, True, [(1, Step.STARTED, None)])]


def test_four_concurrent_senders_send_a_message_once(sink, queue):
    message = queue()
    start = threading.Barrier(4)

    def move():
        start.wait()
        deliver(message.pk)

    senders = [run_in_thread(move) for _ in range(4)]
    for sender in senders:
        sender.join()

    message.refresh_from_db()
    assert (message.state, message.attempts, len(sink.received)) == (State.SENT, 1, 1)


def test_sender_skips_a_row_that_another_is_claiming(sink, queue):
    message = queue()
    other = queue(thread="requester:2")

    with transaction.atomic():
        Message.objects.select_for_update(no_key=True).get(pk=message.pk)
        sender = run_in_thread(lambda: delivery.deliver_due(limit=10))
        sender.join(timeout=3)
        was_quick = not sender.is_alive()
    sender.join()

    message.refresh_from_db()
    other.refresh_from_db()
    assert was_quick
    assert (message.state, other.state) == (State.PENDING, State.SENT)


def test_sender_that_loses_the_race_for_a_thread_leaves_the_message_pending(sink, queue):
    older, newer = queue(), queue()
    Message.objects.filter(pk=older.pk).update(state=State.FAILED)

    with transaction.atomic():
        older.refresh_from_db()
        claims.start_attempt(older, timezone.now())
        sender = run_in_thread(lambda: deliver(newer.pk))
        wait_until(is_session_blocked)
    sender.join()

    newer.refresh_from_db()
    assert (newer.state, newer.attempts, sink.received) == (State.PENDING, 0, [])


def test_lost_database_connection_leaves_the_message_sending(sink, queue):
    message = queue()
    sink.at_recipient = cut_database_connections

    with pytest.raises(Error):
        deliver(message.pk)
    connection.close()

    message.refresh_from_db()
    assert (message.state, sink.received) == (State.SENDING, [])


def test_many_senders_send_each_message_once_and_in_order(sink, queue):
    messages = [queue(thread=f"requester:{number % 5}", subject=f"number {number}") for number in range(30)]

    def move():
        while Message.objects.filter(state__in=["pending", "sending"]).exists():
            delivery.deliver_due(limit=5)

    senders = [run_in_thread(move) for _ in range(4)]
    for sender in senders:
        sender.join()

    subjects = [int(content.split(b"Subject: number ")[1].split(b"\r\n")[0]) for content in sink.contents]
    assert sorted(subjects) == list(range(30))
    for thread in range(5):
        assert [number for number in subjects if number % 5 == thread] == list(range(thread, 30, 5))
    assert Message.objects.filter(state=State.SENT).count() == len(messages)


@pytest.mark.parametrize(("answer", "state"), [("250 OK", State.SENT), ("drop", State.SUPERSEDED)])
def test_message_superseded_while_sending_is_sent_or_never_retried(sink, queue, answer, state):
    message = queue()

    def supersede():
        with transaction.atomic():
            actions.supersede("requester:1")
        connection.close()

    sink.at_data = supersede
    sink.answers.append(answer)

    assert deliver(message.pk) == state
