from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from outbox.models import Message
from outbox.sending import claims, reconciliation
from outbox.statuses import State, Step
from tests.support.message_sending import deliver

pytestmark = pytest.mark.django_db

ASKED = []
SAYS = {"answer": "unknown"}


def answer(message_id):
    ASKED.append(message_id)
    if isinstance(SAYS["answer"], Exception):
        raise SAYS["answer"]
    return SAYS["answer"]


@pytest.fixture
def server_says(settings):
    settings.EMAIL_RECONCILER = f"{__name__}.answer"
    ASKED.clear()

    def says(what):
        SAYS["answer"] = what

    return says


def steps(message):
    return list(message.log.order_by("pk").values_list("step", flat=True))


def due_again(message):
    Message.objects.filter(pk=message.pk).update(next_at=timezone.now())


def test_accepted_message_is_not_sent_again_after_a_dropped_connection(sink, queue, server_says):
    server_says("accepted")
    message = queue()
    sink.answers.append("drop")
    deliver(message.pk)
    due_again(message)

    state = deliver(message.pk)

    message.refresh_from_db()
    assert (state, len(sink.received), ASKED) == (State.SENT, 1, [message.message_id])
    assert message.sent_at is not None
    assert steps(message) == [Step.STARTED, Step.UNANSWERED, Step.STARTED, Step.FOUND]


def test_accepted_message_is_not_sent_again_after_its_sender_died(sink, queue, server_says):
    server_says("accepted")
    message = queue()
    claims.claim(Q(pk=message.pk))
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert deliver(message.pk) == State.SENT
    assert sink.received == []


@pytest.mark.parametrize("reply", ["not_accepted", "unknown", "nonsense", RuntimeError("ada@example.com")])
def test_same_message_is_sent_again_unless_the_server_has_it(sink, queue, server_says, reply, caplog):
    server_says(reply)
    message = queue()
    sink.answers.append("drop")
    deliver(message.pk)
    due_again(message)

    state = deliver(message.pk)

    first, second = sink.contents
    assert (state, first, len(ASKED)) == (State.SENT, second, 1)
    assert "ada@" not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("outbox"))


def test_server_is_asked_while_any_attempt_had_no_answer(sink, queue, server_says):
    server_says("unknown")
    message = queue()
    sink.answers.extend(["drop", "451 later"])
    for _ in range(2):
        deliver(message.pk)
        due_again(message)
    server_says("accepted")

    assert deliver(message.pk) == State.SENT
    assert len(sink.received) == 2


def test_server_is_not_asked_if_every_attempt_was_answered(sink, queue, server_says):
    server_says("accepted")
    message = queue()
    sink.answers.append("451 later")
    deliver(message.pk)
    due_again(message)

    assert deliver(message.pk) == State.SENT
    assert (len(sink.received), ASKED) == (2, [])


def test_answer_is_unknown_without_a_reconciler(settings):
    settings.EMAIL_RECONCILER = ""

    assert reconciliation.ask_mail_server("<1@example.com>") == reconciliation.AcceptanceAnswer.UNKNOWN
