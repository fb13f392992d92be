"""Work started by the clock: settings.JOBS names each job and the seconds between two runs.

Beat hands the jobs to the worker, and the loop follows the same timetable, so that jobs run even if one of them is
down. Every job is safe to run twice.
"""

import logging
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.conf import settings
from django.db import Error
from django.db.models import Model, QuerySet

from outbox.tasks import run_job

# A task has 45 seconds, so the remaining rows wait for the next run.
BATCH = 500
DELETING_SECONDS = 20.0
"""How long one run of a job deletes. The loop, which has one thread for all jobs, is late for them by no more."""

logger = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)


def for_each(rows: Iterable[Row], action: Callable[[Row], None]) -> None:
    """Call `action` for each row. A row that fails is logged by its id and doesn't stop the others."""
    for row in rows:
        try:
            action(row)
        except Error:  # the database is down, so no other row would work either
            raise
        except Exception as error:  # noqa: BLE001  # whatever the error, the next woman's row must still be done
            logger.error("%s %s was skipped: %s", type(row).__name__, row.pk, type(error).__name__)


def delete_in_batches(delete: Callable[[], int]) -> None:
    """Call `delete` until it returns that it deleted nothing, or the time is over. Each call is a transaction.

    So no transaction holds the locks of many rows or waits for many, and a run that is stopped has lost one batch.
    """
    until = time.monotonic() + DELETING_SECONDS
    while delete() and time.monotonic() < until:
        pass


def delete_batch(rows: QuerySet[Row], size: int) -> int:
    """Delete the first of these rows, with what hangs on them, and return how many were there."""
    keys = list(rows.values_list("pk", flat=True)[:size])
    rows.order_by().filter(pk__in=keys).delete()
    return len(keys)


class Timetable:
    """The time when each job is next due in this process. At the start they all are."""

    def __init__(self) -> None:
        self._due = dict.fromkeys(settings.JOBS, 0.0)

    def run_due(self) -> None:
        for job, seconds in settings.JOBS.items():
            if time.monotonic() >= self._due[job]:
                self._due[job] = time.monotonic() + seconds
                _run_safely(job)


def _run_safely(job: str) -> None:
    """Run one job, so that a failure doesn't stop the others. The loop deals with a database that is down."""
    try:
        run_job(job)
    except Error:
        raise
    except Exception:
        logger.exception("The job %s failed", job)
