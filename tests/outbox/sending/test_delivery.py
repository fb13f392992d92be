"""Delivery of one message: accepted, refused, interrupted or retried."""

import logging
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from outbox import actions
from outbox.sending import claims, delivery, smtp
from outbox.statuses import State, Step
from tests.support.message_sending import attempt_steps, deliver, make_due
from tests.support.wait_until import wait_until

pytestmark = pytest.mark.django_db


def test_deliver_sends_the_message(sink, queue):
    message = queue()

    state = deliver(message.pk)

    message.refresh_from_db()
    assert state == message.state == State.SENT
    assert sink.received[0].mail_from == "hello@walkandtalk.example.com"
    assert sink.received[0].rcpt_tos == ["ada@example.com"]
    assert sink.greetings == ["walkandtalk.example.com"]
    assert (message.attempts, message.last_code, message.lease_token) == (1, 250, None)
    assert attempt_steps(message) == [(1, Step.STARTED, None), (1, Step.ACCEPTED, 250)]


def test_deliver_sends_a_message_once(sink, queue):
    message = queue()
    deliver(message.pk)

    state = deliver(message.pk)

    assert state == State.SENT
    assert len(sink.received) == 1


@pytest.mark.parametrize("answer", ["451 try later", "421 closing"])
def test_deliver_retries_later_after_a_temporary_refusal(sink, queue, answer):
    message = queue()
    sink.answers.append(answer)

    state = deliver(message.pk)

    message.refresh_from_db()
    assert state == State.RETRY
    assert timedelta(seconds=3) < message.next_at - timezone.now() < timedelta(seconds=7)
    assert message.last_code == int(answer[:3])
    assert deliver(message.pk) == State.RETRY
    assert len(sink.received) == 1


def test_deliver_sends_the_same_bytes_again(sink, queue):
    calendar = actions.Attachment("walk.ics", "text/calendar; method=PUBLISH", b"BEGIN:VCALENDAR\r\n", alternative=True)
    message = queue(html="<p>Hello Zoë</p>", attachments=[calendar])
    sink.answers.append("451 try later")
    deliver(message.pk)
    make_due(message)

    state = deliver(message.pk)

    first, second = sink.contents
    assert state == State.SENT
    assert first == second
    assert message.message_id.encode() in first


@pytest.mark.parametrize("where", ["answers", "recipient_answers"])
def test_deliver_fails_immediately_after_a_permanent_refusal(sink, queue, where):
    message = queue()
    getattr(sink, where).append("550 no such person")

    state = deliver(message.pk)

    message.refresh_from_db()
    assert state == State.FAILED
    assert message.last_code == 550
    assert attempt_steps(message)[-1] == (1, Step.REFUSED, 550)


def test_deliver_retries_when_the_connection_drops_after_the_content(sink, queue):
    message = queue()
    sink.answers.append("drop")

    state = deliver(message.pk)

    assert state == State.RETRY
    assert attempt_steps(message)[-1] == (1, Step.UNANSWERED, None)


def test_deliver_retries_when_the_port_is_closed(sink, queue, settings):
    settings.EMAIL_PORT = 9
    message = queue()

    state = deliver(message.pk)

    assert state == State.RETRY
    assert attempt_steps(message)[-1] == (1, Step.DEFERRED, None)


def test_deliver_stops_waiting_for_a_server_that_hangs(sink, queue, monkeypatch):
    monkeypatch.setattr(smtp, "OPERATION_SECONDS", 5.0)
    monkeypatch.setattr(smtp, "SEND_TIMEOUT_SECONDS", 0.3)
    message = queue()
    sink.answers.append("hang")
    started_at = timezone.now()

    state = deliver(message.pk)

    assert state == State.RETRY
    assert timezone.now() - started_at < timedelta(seconds=2)
    assert attempt_steps(message)[-1] == (1, Step.UNANSWERED, None)


def test_deliver_limits_the_time_of_each_operation(sink, queue, monkeypatch):
    monkeypatch.setattr(smtp, "OPERATION_SECONDS", 0.3)
    message = queue()
    sink.answers.append("hang")
    started_at = timezone.now()

    state = deliver(message.pk)

    assert state == State.RETRY
    assert timezone.now() - started_at < timedelta(seconds=2)


def test_deliver_sends_nothing_when_time_runs_out_before_the_content(sink, queue, monkeypatch):
    message = queue()
    renew_lease = claims.renew_lease

    def dawdle(message):
        renew_lease(message)
        wait_until(lambda: threading.active_count() == threads_before)

    threads_before = threading.active_count()
    monkeypatch.setattr(smtp, "SEND_TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(delivery, "renew_lease", dawdle)

    state = deliver(message.pk)

    assert state == State.RETRY
    assert sink.received == []
    assert attempt_steps(message)[-1] == (1, Step.DEFERRED, None)


def test_unreadable_message_does_not_stop_other_messages(sink, queue, caplog):
    broken, fine = queue(subject="canary-7431", recipient="canary@example.com"), queue(thread="requester:2")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_message SET text = subject WHERE id = %s", [broken.pk])

    tried = delivery.deliver_due(limit=10)

    broken.refresh_from_db(fields=["state"])
    fine.refresh_from_db(fields=["state"])
    assert (tried, broken.state, fine.state) == (2, State.RETRY, State.SENT)
    assert f"Message {broken.pk} could not be sent: DecryptionError" in caplog.text


def test_logs_have_only_ids_and_numbers(sink, queue, caplog):
    caplog.set_level(logging.DEBUG)
    sink.answers.extend(["250 OK", "451 canary later", "550 canary@example.com unknown", "drop"])

    for number in range(4):
        deliver(queue(thread=f"requester:{number}", recipient="canary@example.com", subject="canary").pk)

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("outbox")]
    assert len(ours) == 4
    assert "canary" not in "".join(ours)


def test_mail_arrives_in_mailoutbox(queue, mailoutbox):
    message = queue(html="<p>Hello</p>")

    state = deliver(message.pk)

    assert state == State.SENT
    assert [(mail.to, mail.subject, mail.body) for mail in mailoutbox] == [
        (["ada@example.com"], message.subject, message.text)
    ]
    assert mailoutbox[0].alternatives[0].content == "<p>Hello</p>"
