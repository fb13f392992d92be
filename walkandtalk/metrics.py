"""Everything that /metrics shows, and to whom. docs/monitoring.md#metrics"""

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from figures.metrics import ResponseTargetsCollector
from outbox.health import JobsCollector, OutboxCollector
from walkandtalk.lib.database.metrics import DatabaseCollector
from walkandtalk.lib.monitoring.metrics import exposition

COLLECTORS = (OutboxCollector, JobsCollector, ResponseTargetsCollector, DatabaseCollector)


def all_metrics() -> bytes:
    return exposition(collector() for collector in COLLECTORS)


def is_monitoring(request: HttpRequest) -> bool:
    """Return whether the request has the operators' token. Without one configured, nobody has it."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and constant_time_compare(token, settings.METRICS_TOKEN)
