import time
import uuid

import pytest
from django.db import transaction

from outbox import tasks
from outbox.models import Heartbeat, Message
from outbox.statuses import State
from tests.support.message_sending import UNREACHABLE_REDIS
from walkandtalk.celery import app


def test_the_queue_is_asked_once_and_late_work_is_done_again():
    names = ("task_acks_late", "task_reject_on_worker_lost", "task_ignore_result", "worker_prefetch_multiplier")

    assert [app.conf[name] for name in names] == [True, True, True, 1]
    assert (app.conf.task_soft_time_limit, app.conf.task_time_limit) == (45, 60)
    assert app.conf.worker_soft_shutdown_timeout == 30
    assert app.conf.broker_transport_options["visibility_timeout"] == 300


def test_kick_is_quick_and_harmless_when_the_queue_is_down(broker, caplog):
    broker(UNREACHABLE_REDIS)
    tasks.request_delivery(uuid.uuid4())
    message_id = uuid.uuid4()

    took = []
    for _ in range(10):
        begun = time.perf_counter()
        tasks.request_delivery(message_id)
        took.append(time.perf_counter() - begun)

    assert min(took) < 0.01
    assert f"The queue did not take message {message_id}; the loop will" in caplog.text


def test_kick_does_nothing_where_there_is_no_queue(broker, caplog):
    broker(None)

    tasks.request_delivery(uuid.uuid4())

    assert caplog.text == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", [UNREACHABLE_REDIS, "nonsense://localhost"], ids=["nobody there", "no queue at all"])
def test_an_event_stands_when_the_queue_is_down(url, broker, queue):
    broker(url)

    with transaction.atomic():
        message = queue()

    assert Message.objects.get() == message


@pytest.mark.django_db
def test_deliver_sends_the_message(queue, mailoutbox):
    message = queue()

    tasks.deliver(str(message.pk))

    message.refresh_from_db()
    assert (message.state, len(mailoutbox)) == (State.SENT, 1)


@pytest.mark.django_db
def test_an_eager_test_finds_the_mail_when_it_runs_what_waits_for_the_commit(
    queue, monkeypatch, mailoutbox, django_capture_on_commit_callbacks
):
    monkeypatch.setitem(app.conf, "task_always_eager", True)

    with django_capture_on_commit_callbacks(execute=True):
        queue()

    assert [mail.to for mail in mailoutbox] == [["ada@example.com"]]


@pytest.mark.django_db
def test_worker_heartbeat_says_when_it_beat():
    tasks.worker_heartbeat()
    first = Heartbeat.objects.get(name="worker").at

    tasks.worker_heartbeat()

    assert Heartbeat.objects.get(name="worker").at > first
