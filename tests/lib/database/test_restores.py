"""A restored database is noticed, and no process starts on it."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from tests.support.addresses import rolled_back
from tests.support.gunicorn_settings import gunicorn_settings
from tests.support.restores import pretend_restore
from walkandtalk.celery import app
from walkandtalk.lib.database.models import DatabaseMark
from walkandtalk.lib.database.restores import (
    LAST_SEEN,
    STORAGE,
    notice_older_database,
    was_restored,
    write_last_seen,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("moved", ["system_identifier", "timeline", "database_oid", "table_oid"])
def test_another_server_timeline_or_copy_of_database_or_table_is_a_restored_database(moved):
    assert not was_restored()

    DatabaseMark.objects.update(**{moved: F(moved) + 1})

    assert was_restored()


def test_database_without_its_mark_counts_as_restored():
    DatabaseMark.objects.all().delete()

    assert was_restored()


def test_move_here_says_that_the_database_is_complete():
    pretend_restore()

    DatabaseMark.move_here()

    assert not was_restored()


def test_database_that_was_seen_later_than_it_knows_is_a_restored_one():
    write_last_seen()
    with rolled_back():
        write_last_seen()

    write_last_seen()

    assert was_restored()


def test_database_that_was_seen_last_is_complete_even_if_nobody_saw_it_since():
    write_last_seen()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=9)):
        notice_older_database()

    assert not was_restored()


def test_ledger_that_is_down_or_damaged_proves_nothing(settings, tmp_path):
    (tmp_path / LAST_SEEN).write_bytes(b"202")
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, STORAGE: files}

    notice_older_database()
    write_last_seen()

    assert not was_restored()
    assert [path.name for path in tmp_path.iterdir()] == [LAST_SEEN]
    assert (tmp_path / LAST_SEEN).read_text() == DatabaseMark.objects.get().seen_at.isoformat()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["timeline", "older copy"])
@pytest.mark.parametrize("process", ["web", "worker", "beat", "loop"])
def test_process_refuses_to_start_on_a_restored_database(process, how):
    start = {
        "web": lambda: gunicorn_settings()["when_ready"](None),
        "worker": lambda: app.Worker,
        "beat": lambda: app.Beat,
        "loop": lambda: call_command("run_outbox", once=True),
    }[process]
    app.__dict__.pop("Worker", None)
    app.__dict__.pop("Beat", None)
    if how == "timeline":
        pretend_restore()
    else:
        write_last_seen()
        DatabaseMark.objects.update(seen_at=F("seen_at") - datetime.timedelta(minutes=1))

    try:
        with pytest.raises(ImproperlyConfigured, match="restored from a backup"):
            start()
    finally:
        DatabaseMark.move_here()
        connection.close()
