"""Readiness and metrics of the senders."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypedDict

from celery import current_app
from django.db import Error
from django.db.models import Count, Min
from django.db.models.functions import Coalesce
from django.utils import timezone
from kombu.exceptions import OperationalError
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from outbox.models import Attempt, Heartbeat, Message
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

    def collect(self) -> Iterator[GaugeMetricFamily]:
        state = readiness()
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


def metrics() -> bytes:
    """Return the readiness and some counts in the text format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(OutboxCollector())
    return generate_latest(registry)


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
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except (OperationalError, OSError):
        return False
    return True
