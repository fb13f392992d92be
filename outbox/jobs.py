"""Work that the clock starts, where there is no queue to start it: the loop then keeps Celery's timetable."""

import logging
from datetime import datetime, timedelta
from typing import Any, cast

from celery import current_app
from celery.schedules import BaseSchedule, maybe_schedule
from django.db import Error
from django.utils import timezone

logger = logging.getLogger(__name__)


class Timetable:
    """The entries of CELERY_BEAT_SCHEDULE and when each was last run by this process."""

    def __init__(self) -> None:
        started = timezone.now() - timedelta(days=1)  # so that everything is due at once: jobs are safe to do twice
        self._last_run: dict[str, datetime] = dict.fromkeys(current_app.conf.beat_schedule, started)

    def run_due(self) -> None:
        for name, entry in current_app.conf.beat_schedule.items():
            schedule = cast(BaseSchedule, maybe_schedule(entry["schedule"], app=current_app))
            if schedule.is_due(self._last_run[name]).is_due:
                self._last_run[name] = timezone.now()
                _run(name, entry)


def _run(name: str, entry: dict[str, Any]) -> None:
    try:
        current_app.tasks[entry["task"]](*entry.get("args", ()), **entry.get("kwargs", {}))
    except Error:
        raise
    except Exception:
        logger.exception("The job %s failed", name)
