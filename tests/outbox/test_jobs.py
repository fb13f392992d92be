import pytest
from django.utils.module_loading import import_string

from outbox.jobs import Timetable

pytestmark = pytest.mark.django_db
ran = []


def note(now):
    ran.append(now)


def fail(now):
    raise ZeroDivisionError


NOTE, FAIL = f"{__name__}.note", f"{__name__}.fail"


@pytest.fixture(autouse=True)
def clear_ran():
    ran.clear()


@pytest.mark.parametrize(("seconds", "times"), [(3600, 1), (0, 2)])
def test_jobs_run_immediately_and_then_when_due(settings, seconds, times):
    settings.JOBS = {NOTE: seconds}
    timetable = Timetable()

    timetable.run_due()
    timetable.run_due()

    assert len(ran) == times


def test_failing_job_does_not_stop_the_others(settings, caplog):
    settings.JOBS = {FAIL: 3600, NOTE: 3600}

    Timetable().run_due()

    assert len(ran) == 1
    assert f"The job {FAIL} failed" in caplog.text


def test_every_job_runs_from_the_loop_and_from_beat(settings, caplog):
    Timetable().run_due()

    assert "failed" not in caplog.text
    for job in settings.JOBS:
        assert callable(import_string(job))
        assert settings.CELERY_BEAT_SCHEDULE[job]["args"] == [job]
