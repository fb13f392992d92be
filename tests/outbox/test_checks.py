"""The health checks of containers, which must not end a process that waits by itself for a server that is down."""

from datetime import timedelta

import pytest
from celery import Celery
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from outbox.models import Heartbeat
from tests.support.message_sending import UNREACHABLE_REDIS
from walkandtalk.processes import check_worker


def check(sender, capsys):
    call_command("check_heartbeat", sender)
    return capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("sender", ["worker", "loop"])
def test_sender_has_to_be_seen_each_minute(sender, broker, capsys):
    broker("memory://")
    heartbeat = Heartbeat.objects.create(name=sender, at=timezone.now())
    seen = check(sender, capsys)
    Heartbeat.objects.filter(pk=heartbeat.pk).update(at=timezone.now() - timedelta(seconds=70))

    assert f"The {sender} was seen" in seen
    with pytest.raises(CommandError, match="was not seen in the last 60 s"):
        check(sender, capsys)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sender", ["worker", "loop"])
def test_nobody_knows_without_the_database(sender, broker, monkeypatch, capsys):
    broker("memory://")
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nobody-there")

    assert "The database does not answer" in check(sender, capsys)


@pytest.mark.django_db
def test_worker_cannot_be_seen_without_redis_and_the_loop_can(broker, capsys):
    broker(UNREACHABLE_REDIS)

    assert "Redis does not answer" in check("worker", capsys)
    with pytest.raises(CommandError, match="The loop was not seen"):
        check("loop", capsys)


@pytest.mark.parametrize(("url", "fails"), [(UNREACHABLE_REDIS, False), ("memory://", True)])
def test_worker_is_asked_only_while_redis_answers(url, fails, monkeypatch, capsys):
    monkeypatch.setattr(check_worker, "app", Celery("tests", broker=url, set_as_current=False))
    try:
        check_worker.main()
        failed = False
    except SystemExit:
        failed = True

    assert failed is fails
    assert ("Redis does not answer" in capsys.readouterr().out) is not fails
