import pickle
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from outbox.models import Message
from outbox.statuses import State

NOW = datetime(2026, 12, 8, 14, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.PENDING, "waiting to be sent"),
        (State.SENDING, "waiting to be sent"),
        (State.RETRY, "not sent yet, but we’re trying again"),
        (State.SENT, "sent at 2:02pm"),
        (State.FAILED, "couldn’t be delivered: is the address right?"),
        (State.SUPERSEDED, "replaced by a newer message"),
        (State.EXPIRED, "couldn’t be sent in time"),
    ],
)
def test_state_for_requester_describes_each_state(state, words):
    message = Message(state=state, sent_at=NOW if state == State.SENT else None)

    with time_machine.travel(NOW + timedelta(hours=1)):
        assert message.state_for_requester == words


def test_state_for_requester_has_the_date_of_an_earlier_day():
    message = Message(state=State.SENT, sent_at=NOW)

    with time_machine.travel(NOW + timedelta(days=1)):
        assert message.state_for_requester == "sent at 2:02pm on Tuesday 8 December 2026"


@pytest.mark.django_db
def test_pickled_message_stays_encrypted(queue):
    queue(subject="canary-7431")
    saved = Message.objects.get()

    pickled = pickle.dumps(saved)

    assert b"canary" not in pickled
    assert pickle.loads(pickled).subject == "canary-7431"


@pytest.mark.django_db
def test_str_has_no_address(queue):
    assert str(queue()) == "booking:0:scheduled:1:requester (pending)"


@pytest.mark.django_db
def test_unsent_leaves_out_finished_messages(queue):
    messages = {state: queue(thread=state) for state in State}
    for state, message in messages.items():
        Message.objects.filter(pk=message.pk).update(
            state=state, sent_at=timezone.now(), lease_until=timezone.now(), lease_token=message.pk
        )

    assert set(Message.objects.unsent()) == {messages[state] for state in ("pending", "sending", "retry")}
