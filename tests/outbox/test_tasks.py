import time
import uuid

import pytest
from django.db import transaction

from outbox import tasks
from outbox.models import Heartbeat, Message
from outbox.statuses import State
from tests.support.message_sending import UNREACHABLE_REDIS
from walkandtalk.celery import app


def test_celery_settings_repeat_lost_tasks_and_limit_their_time():
    names = ("task_acks_late", "task_reject_on_worker_lost", "task_ignore_result", "worker_prefetch_multiplier")

    assert [app.conf[name] for name in names] == [True, True, True, 1]
    assert (app.conf.task_soft_time_limit, app.conf.task_time_limit) == (45, 60)
    assert app.conf.worker_soft_shutdown_timeout == 30
    assert app.conf.broker_transport_options["visibility_timeout"] == 300


def test_request_delivery_is_quick_when_the_broker_is_down(broker, caplog):
    broker(UNREACHABLE_REDIS)
    tasks.request_delivery(uuid.uuid4())
    message_id = uuid.uuid4()

    took = []
    for _ in range(10):
        started = time.perf_counter()
        tasks.request_delivery(message_id)
        took.append(time.perf_counter() - started)

    assert min(took) < 0.01
    assert f"The queue did not take message {message_id}; the loop will" in caplog.text


def test_request_delivery_does_nothing_without_a_broker(broker, caplog):
    broker(None)

    tasks.request_delivery(uuid.uuid4())

    assert caplog.text == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", [UNREACHABLE_REDIS, "nonsense://localhost"], ids=["closed port", "unknown transport"])
def test_event_is_saved_when_the_broker_is_down(url, broker, queue):
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
def test_eager_tests_find_mail_after_the_commit_callbacks(
    queue, monkeypatch, mailoutbox, django_capture_on_commit_callbacks
):
    monkeypatch.setitem(app.conf, "task_always_eager", True)

    with django_capture_on_commit_callbacks(execute=True):
        queue()

    assert [mail.to for mail in mailoutbox] == [["ada@example.com"]]


@pytest.mark.django_db
def test_worker_heartbeat_saves_its_time():
    tasks.worker_heartbeat()
    first = Heartbeat.objects.get(name="worker").at

    tasks.worker_heartbeat()

    assert Heartbeat.objects.get(name="worker").at > first
