import pytest
from celery import shared_task

from outbox.jobs import Timetable
from outbox.models import Heartbeat
from walkandtalk.celery import app

ran = []


@shared_task
def note(word="plain", *, loud=False):
    ran.append((word, loud))


@shared_task
def fail():
    raise ZeroDivisionError


@pytest.fixture
def timetable(monkeypatch):
    def timetable(**entries):
        ran.clear()
        monkeypatch.setitem(app.conf, "beat_schedule", entries)
        return Timetable()

    return timetable


def test_jobs_run_at_once_and_then_when_they_are_due(timetable):
    jobs = timetable(
        seldom={"task": note.name, "schedule": 3600},
        often={"task": note.name, "schedule": 0, "args": ["often"], "kwargs": {"loud": True}},
    )

    jobs.run_due()
    jobs.run_due()

    assert ran == [("plain", False), ("often", True), ("often", True)]


def test_a_job_that_fails_does_not_stop_the_others(timetable, caplog):
    jobs = timetable(bad={"task": fail.name, "schedule": 3600}, good={"task": note.name, "schedule": 3600})

    jobs.run_due()

    assert ran == [("plain", False)]
    assert "The job bad failed" in caplog.text


@pytest.mark.django_db
def test_the_timetable_of_the_product_can_be_kept():
    Timetable().run_due()

    assert Heartbeat.objects.filter(name="worker").exists()
