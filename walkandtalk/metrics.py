"""Everything that /metrics shows. docs/monitoring.md#metrics"""

from figures.metrics import ResponseTargetsCollector
from outbox.health import JobsCollector, OutboxCollector
from walkandtalk.lib.database.metrics import DatabaseCollector
from walkandtalk.lib.monitoring.metrics import exposition

COLLECTORS = (OutboxCollector, JobsCollector, ResponseTargetsCollector, DatabaseCollector)


def all_metrics() -> bytes:
    return exposition(collector() for collector in COLLECTORS)
