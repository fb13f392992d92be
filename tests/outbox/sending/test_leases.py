"""A sender's lease on a message: it has one holder, and can be lost."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from outbox.models import Message
from outbox.sending import claims, delivery
from outbox.statuses import State, Step
from tests.support.message_sending import abandon_claim, attempt_steps, deliver

pytestmark = pytest.mark.django_db


def test_message_of_a_dead_sender_is_sent_again(sink, queue):
    message = queue()
    abandon_claim(message)

    tried = delivery.deliver_due(limit=10)

    message.refresh_from_db()
    assert (tried, message.state, len(sink.received)) == (1, State.SENT, 1)
    assert attempt_steps(message) == [
        (1, Step.STARTED, None),
        (1, Step.UNANSWERED, None),
        (2, Step.STARTED, None),
        (2, Step.ACCEPTED, 250),
    ]


def test_claimed_message_is_left_alone(sink, queue):
    message = queue()
    claims.claim(Q(pk=message.pk))

    state = deliver(message.pk)

    assert state == State.SENDING
    assert sink.received == []


def test_lease_is_renewed_before_the_content(sink, queue):
    message = queue()
    claimed = claims.claim(Q(pk=message.pk))
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() + timedelta(seconds=1))

    claims.renew_lease(claimed)

    message.refresh_from_db()
    assert message.lease_until > timezone.now() + timedelta(seconds=50)


def test_sender_that_lost_its_lease_stops_before_the_content(sink, queue):
    message = queue()
    slow = claims.claim(Q(pk=message.pk))
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    deliver(message.pk)

    delivery.Sender()._send(slow)

    message.refresh_from_db()
    assert len(sink.received) == 1
    assert message.state == State.SENT
    assert [step for _, step, _ in attempt_steps(message)].count(Step.ACCEPTED) == 1


def test_only_the_lease_holder_records_the_outcome(sink, queue):
    message = queue()
    slow = claims.claim(Q(pk=message.pk))
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    quick = claims.claim(Q(pk=message.pk))

    delivery.record_outcome(slow, delivery.Outcome(Step.REFUSED, 550))

    message.refresh_from_db()
    assert (message.state, message.lease_token) == (State.SENDING, quick.lease_token)
