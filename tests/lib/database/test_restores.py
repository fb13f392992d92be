"""A restored database is noticed, and no process starts on it."""

import runpy

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from tests.support.restores import pretend_restore
from walkandtalk.celery import app
from walkandtalk.lib.database.models import DatabaseMark
from walkandtalk.lib.database.restores import was_restored

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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("process", ["web", "worker", "beat", "loop"])
def test_process_refuses_to_start_on_a_restored_database(process):
    start = {
        "web": lambda: runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))["when_ready"](None),
        "worker": lambda: app.Worker,
        "beat": lambda: app.Beat,
        "loop": lambda: call_command("run_outbox", once=True),
    }[process]
    app.__dict__.pop("Worker", None)
    app.__dict__.pop("Beat", None)
    pretend_restore()

    try:
        with pytest.raises(ImproperlyConfigured, match="restored from a backup"):
            start()
    finally:
        DatabaseMark.move_here()
        connection.close()
