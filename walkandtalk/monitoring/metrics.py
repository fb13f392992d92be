"""Everything that /metrics shows, and to whom. docs/monitoring.md#metrics"""

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from prometheus_client.registry import Collector

from figures.metrics import ResponseTargetsCollector
from outbox.health import JobsCollector, OutboxCollector, readiness
from walkandtalk.lib.database.metrics import DatabaseCollector
from walkandtalk.lib.monitoring.metrics import exposition


def all_metrics() -> bytes:
    """Return all metrics, or those that need no database. Each query would wait for one that doesn't answer."""
    state = readiness()
    of_database: list[Collector] = [JobsCollector(), ResponseTargetsCollector(), DatabaseCollector()]
    return exposition([OutboxCollector(state), *(of_database if state["database"] else [])])


def is_monitoring(request: HttpRequest) -> bool:
    """Return whether the request has the operators' token. Without one configured, nobody has it."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and constant_time_compare(token, settings.METRICS_TOKEN)
