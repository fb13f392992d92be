"""What can be seen of the movers from outside."""

from datetime import datetime, timedelta
from typing import TypedDict

from celery import current_app
from django.db import Error
from django.db.models import Count, Min
from django.db.models.functions import Coalesce
from django.utils import timezone
from kombu.exceptions import OperationalError

from outbox.models import Attempt, Heartbeat, Message, Step
from outbox.statuses import LOST, UNSENT

LATELY = timedelta(minutes=10)


class Readiness(TypedDict):
    """Ages in seconds; None where there is nothing to measure."""

    database: bool
    broker: bool | None
    worker_age: float | None
    loop_age: float | None
    oldest_unsent_age: float | None


def beat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def readiness() -> Readiness:
    now = timezone.now()
    broker = _broker_answers()
    try:
        seen = dict(Heartbeat.objects.values_list("name", "at"))
        oldest = Message.objects.unsent().due(now).aggregate(at=Min(Coalesce("send_after", "created_at")))["at"]
    except Error:
        return Readiness(database=False, broker=broker, worker_age=None, loop_age=None, oldest_unsent_age=None)
    return Readiness(
        database=True,
        broker=broker,
        worker_age=_age(seen.get("worker"), now),
        loop_age=_age(seen.get("loop"), now),
        oldest_unsent_age=_age(oldest, now),
    )


def metrics() -> str:
    """The same and a little more, in the text format of Prometheus. Figures alone, and only what an index can count."""
    state = readiness()
    lines = [f"outbox_{name} {float(value)}" for name, value in state.items() if isinstance(value, bool | float)]
    if not state["database"]:
        return "\n".join([*lines, ""])
    now = timezone.now()
    waiting = Message.objects.unsent().due(now)
    lost = Message.objects.filter(state__in=LOST, settled_at=None)
    counted = dict.fromkeys((*UNSENT, *LOST), 0)
    for rows in (waiting, lost):
        counted |= dict(rows.order_by().values_list("state").annotate(Count("pk")))
    lines += [f'outbox_messages{{state="{name}"}} {number}' for name, number in counted.items()]
    tries = Attempt.objects.filter(step=Step.STARTED, at__gt=now - LATELY).count()
    return "\n".join([*lines, f"outbox_tries_in_the_last_10_minutes {tries}", ""])


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else max((now - moment).total_seconds(), 0.0)


def _broker_answers() -> bool | None:
    """None where no broker is configured."""
    if not current_app.conf.broker_url:
        return None
    try:
        with current_app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    except (OperationalError, OSError):
        return False
    return True
