"""Nothing leaves a restored database, and nothing runs in it."""

import logging

import pytest
from django.db.models import F

from outbox import health, tasks
from outbox.models import Heartbeat, Message
from outbox.sending import claims, delivery
from outbox.statuses import State
from tests.support.restores import pretend_restore
from walkandtalk.monitoring.metrics import all_metrics

pytestmark = pytest.mark.django_db


def test_message_is_neither_sent_nor_expired_in_a_restored_database(queue, mailoutbox):
    waiting, late = queue(), queue(thread="requester:2")
    Message.objects.filter(pk=late.pk).update(expires_at=F("created_at"))
    pretend_restore()

    tried = delivery.deliver_due(limit=10)
    delivery.deliver_batch(waiting.pk)
    claims.expire_overdue()

    assert (tried, mailoutbox) == (0, [])
    assert set(Message.objects.values_list("state", "attempts")) == {(State.PENDING, 0)}


def test_no_job_runs_in_a_restored_database(caplog):
    pretend_restore()

    with caplog.at_level(logging.ERROR):
        tasks.run_job("tests.outbox.test_restored_database.fail")

    assert "Run `manage.py restored`" in caplog.text


def fail(_now):
    raise AssertionError("a job ran")


def test_nobody_is_alive_in_a_restored_database():
    health.record_heartbeat("loop")
    before = Heartbeat.objects.get().at
    pretend_restore()

    health.record_heartbeat("loop")
    health.record_heartbeat("worker")

    assert list(Heartbeat.objects.values_list("name", "at")) == [("loop", before)]
    assert health.readiness()["restored"] is True
    assert b"outbox_restored 1.0" in all_metrics()
