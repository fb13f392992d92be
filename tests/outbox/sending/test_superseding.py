"""Messages superseded before or while they are sent."""

import pytest
from django.db import transaction
from django.db.models import Q

from outbox import actions
from outbox.sending import claims, delivery
from outbox.statuses import State, Step
from tests.support.message_sending import abandon_claim, attempt_steps, deliver

pytestmark = pytest.mark.django_db


def test_superseded_messages_are_not_sent(sink, queue):
    older = queue()
    with transaction.atomic():
        count = actions.supersede("requester:1")
    newer = queue()

    states = [deliver(message.pk) for message in (older, newer)]

    assert count == 1
    assert states == [State.SUPERSEDED, State.SENT]
    assert len(sink.received) == 1


def test_message_superseded_while_claimed_is_not_sent(sink, queue):
    message = queue()
    claimed = claims.claim(Q(pk=message.pk))
    with transaction.atomic():
        actions.supersede("requester:1")

    delivery.Sender()._send(claimed)

    message.refresh_from_db()
    assert message.state == State.SUPERSEDED
    assert sink.received == []
    assert attempt_steps(message)[-1] == (1, Step.WITHDRAWN, None)


def test_superseded_message_without_an_answer_is_never_sent_again(sink, queue):
    message = queue()
    abandon_claim(message)
    with transaction.atomic():
        actions.supersede("requester:1")

    claimed, state = claims.claim(Q(pk=message.pk)), deliver(message.pk)

    assert (claimed, state) == (None, State.SUPERSEDED)
    assert sink.received == []
