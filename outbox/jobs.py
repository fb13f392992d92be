"""Work that the clock starts: settings.JOBS names each job and how many seconds lie between two runs.

Beat hands the jobs to the worker, and the loop keeps the same timetable by itself, so that they run where either is
down. Every job is safe to do twice.
"""

import logging
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.conf import settings
from django.db import Error
from django.db.models import Model

from outbox.tasks import run_job

# A task has 45 seconds; the rest is for the next hour.
BATCH = 500

logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)


def for_each(rows: Iterable[Row], act: Callable[[Row], None]) -> None:
    """Do it for each row. One that fails is reported by its id and does not stop the others."""
    for row in rows:
        try:
            act(row)
        except Error:  # the database is down: that stops them all
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the next woman's row is not to blame
            logger.error("%s %s was left out: %s", type(row).__name__, row.pk, type(error).__name__)


class Timetable:
    """When each job is due next in this process. At first all of them are."""

    def __init__(self) -> None:
        self._due = dict.fromkeys(settings.JOBS, 0.0)

    def run_due(self) -> None:
        for job, seconds in settings.JOBS.items():
            if time.monotonic() >= self._due[job]:
                self._due[job] = time.monotonic() + seconds
                _run_safely(job)


def _run_safely(job: str) -> None:
    """One job that fails does not stop the others. A database that is down stops them all, and is the loop's matter."""
    try:
        run_job(job)
    except Error:
        raise
    except Exception:
        logger.exception("The job %s failed", job)
