"""Readiness and metrics of the senders and the jobs."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TypedDict

from celery import current_app
from django.conf import settings
from django.db import Error
from django.db.models import Count, F, Min
from django.db.models.functions import Coalesce
from django.utils import timezone
from kombu.exceptions import OperationalError
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from outbox.models import Attempt, Heartbeat, JobRun, Message
from outbox.statuses import TO_RESOLVE, UNSENT, Step
from walkandtalk.lib.database.restores import was_restored

RECENT_PERIOD = timedelta(minutes=10)
HELP = {
    "database": "1 when the database answers",
    "broker": "1 when the queue answers",
    "restored": "1 while nothing is sent, because the database was restored",
    "worker_age": "Seconds since a worker was last seen",
    "loop_age": "Seconds since the loop was last seen",
    "oldest_unsent_age": "Seconds that the oldest unsent message has been due",
}


class Readiness(TypedDict):
    """The state of each part. Ages are in seconds, or None if there is nothing to measure."""

    database: bool
    restored: bool | None
    broker: bool | None
    worker_age: float | None
    loop_age: float | None
    oldest_unsent_age: float | None


def record_heartbeat(name: str) -> None:
    """Record that this process is alive. In a restored database it does nothing, so it isn't alive either."""
    if was_restored():
        return
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


@contextmanager
def record_job(job: str) -> Iterator[None]:
    """Record whether the job in this block succeeds. A database that is down can't be told of it."""
    try:
        yield
    except Exception:
        with suppress(Error):
            _update_job(job, failed_at=timezone.now(), failures=F("failures") + 1)
        raise
    _update_job(job, succeeded_at=timezone.now())


def _update_job(job: str, **changes: object) -> None:
    """Update its row, in one query except for the first time."""
    row = JobRun.objects.filter(pk=job)
    if not row.update(**changes):
        JobRun.objects.bulk_create([JobRun(job=job)], ignore_conflicts=True)
        row.update(**changes)


def readiness() -> Readiness:
    now = timezone.now()
    broker = _broker_answers()
    try:
        heartbeats = dict(Heartbeat.objects.values_list("name", "at"))
        restored = was_restored()
        oldest = Message.objects.unsent().due(now).aggregate(at=Min(Coalesce("send_after", "created_at")))["at"]
    except Error:
        return Readiness(
            database=False, restored=None, broker=broker, worker_age=None, loop_age=None, oldest_unsent_age=None
        )
    return Readiness(
        database=True,
        restored=restored,
        broker=broker,
        worker_age=_age(heartbeats.get("worker"), now),
        loop_age=_age(heartbeats.get("loop"), now),
        oldest_unsent_age=_age(oldest, now),
    )


class OutboxCollector(Collector):
    """Measures on request, because no process counts for the others. Gives only numbers that an index can count."""

    def __init__(self, state: Readiness) -> None:
        self.state = state

    def collect(self) -> Iterator[GaugeMetricFamily]:
        state = self.state
        for name, value in state.items():
            if isinstance(value, bool | float):
                yield GaugeMetricFamily(f"outbox_{name}", HELP[name], value=float(value))
        if not state["database"]:
            return
        now = timezone.now()
        messages = GaugeMetricFamily("outbox_messages", "Messages that are waiting or undelivered", labels=["state"])
        for name, number in _count_by_state(now).items():
            messages.add_metric([name], number)
        yield messages
        tries = Attempt.objects.filter(step=Step.STARTED, at__gt=now - RECENT_PERIOD).count()
        yield GaugeMetricFamily("outbox_tries_in_the_last_10_minutes", "Attempts to send a message", value=tries)


class JobsCollector(Collector):
    """When each job of the timetable last succeeded, in any process. The row of a job that was removed is left out."""

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        runs = {run.job: run for run in JobRun.objects.filter(pk__in=settings.JOBS)}
        interval = GaugeMetricFamily("walkandtalk_job_interval_seconds", "Seconds between two runs", labels=["name"])
        age = GaugeMetricFamily("walkandtalk_job_success_age_seconds", "Since its last success", labels=["name"])
        failures = CounterMetricFamily("walkandtalk_job_failures", "Runs that failed", labels=["name"])
        now = timezone.now()
        for job, seconds in settings.JOBS.items():
            run = runs.get(job, JobRun(job=job))
            interval.add_metric([job], seconds)
            failures.add_metric([job], run.failures)
            if (since := _age(run.succeeded_at, now)) is not None:
                age.add_metric([job], since)
        yield from (interval, age, failures)


def _count_by_state(now: datetime) -> dict[str, int]:
    counted: dict[str, int] = dict.fromkeys((*UNSENT, *TO_RESOLVE), 0)
    waiting = Message.objects.unsent().due(now)
    lost = Message.objects.filter(state__in=TO_RESOLVE, resolved_at=None)
    for rows in (waiting, lost):
        counted |= dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return counted


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max((now - moment).total_seconds(), 0.0)


def _broker_answers() -> bool | None:
    """Return whether the broker answers, or None if none is configured."""
    if not current_app.conf.broker_url:
        return None
    try:
        # Longer than the queue needs, and shorter than those who ask us wait.
        with current_app.connection_for_write(transport_options={"socket_timeout": 1}) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except (OperationalError, OSError):
        return False
    return True
