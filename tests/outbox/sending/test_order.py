"""The order of messages in a thread, delays between retries, and expiry."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from outbox.models import Message
from outbox.sending import claims, delivery
from outbox.statuses import State
from tests.support.message_sending import abandon_claim, deliver, make_due

pytestmark = pytest.mark.django_db


def test_newer_message_in_a_thread_waits_for_the_older_message(sink, queue):
    older, newer, of_another = queue(), queue(), queue(thread="requester:2")
    sink.answers.append("451 try later")
    deliver(older.pk)

    states = [deliver(message.pk) for message in (newer, of_another)]

    assert states == [State.PENDING, State.SENT]
    make_due(older)
    assert delivery.deliver_due(limit=10) == 2
    assert [content.count(older.message_id.encode()) for content in sink.contents] == [1, 0, 1, 0]


def test_newer_message_waits_while_the_older_message_is_being_sent(sink, queue):
    older, newer = queue(), queue()
    claims.claim(Q(pk=older.pk))

    state = deliver(newer.pk)

    assert state == State.PENDING
    assert sink.received == []


def test_refused_message_does_not_delay_the_next(sink, queue):
    older, newer = queue(), queue()
    sink.answers.append("550 no")
    deliver(older.pk)

    assert deliver(newer.pk) == State.SENT


def test_message_for_later_waits_without_delaying_others(sink, queue):
    reminder, newer = queue(send_after=timezone.now() + timedelta(hours=1)), queue()

    states = [deliver(message.pk) for message in (reminder, newer)]

    assert states == [State.PENDING, State.SENT]


def test_database_allows_one_sending_message_in_a_thread(queue):
    older, newer = queue(), queue()
    claims.claim(Q(pk=older.pk))

    with pytest.raises(IntegrityError, match="one_message_of_a_thread"), transaction.atomic():
        claims.start_attempt(newer, timezone.now())


def test_expired_message_is_never_sent(sink, queue):
    message = queue(expires_at=timezone.now() - timedelta(seconds=1))

    state = deliver(message.pk)

    assert state == State.EXPIRED
    assert sink.received == []


def test_message_cannot_be_claimed_after_it_expires(queue):
    message = queue(expires_at=timezone.now() + timedelta(seconds=10))

    assert list(Message.objects.claimable(timezone.now())) == [message]
    assert not Message.objects.claimable(timezone.now() + timedelta(seconds=10)).exists()


def test_message_of_a_dead_sender_expires_too(sink, queue):
    message = queue(expires_at=timezone.now() + timedelta(hours=1))
    abandon_claim(message)
    Message.objects.filter(pk=message.pk).update(expires_at=timezone.now())

    assert deliver(message.pk) == State.EXPIRED
    assert sink.received == []


def test_three_attempts_fit_in_before_a_message_expires(sink, queue):
    message = queue(expires_at=timezone.now() + timedelta(seconds=6))
    sink.answers.extend(["451 later", "451 later"])

    for _ in range(2):
        deliver(message.pk)
        message.refresh_from_db()
        assert message.next_at < message.expires_at - timedelta(seconds=1)
        make_due(message)

    assert deliver(message.pk) == State.SENT


def test_retry_delays_grow_and_vary(queue):
    message = queue()
    now = timezone.now()

    waits = []
    for message.attempts in range(1, 12):
        waits.append(delivery.retry_delay(message, now).total_seconds())

    assert all(
        0.8 * wait.total_seconds() <= got <= 1.2 * wait.total_seconds()
        for wait, got in zip(delivery.RETRY_DELAYS, waits, strict=False)
    )
    assert len(set(waits)) == len(waits)
    assert 0.8 * 3600 <= waits[-1] <= 1.2 * 3600


def test_message_fails_after_four_days(sink, queue):
    message = queue()
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(days=4))
    sink.answers.append("451 later")

    assert deliver(message.pk) == State.FAILED
