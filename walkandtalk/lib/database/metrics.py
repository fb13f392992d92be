"""Metrics of the database, which any role may read of itself."""

from collections.abc import Iterator

from django.db import connection
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

HELP = {
    "connections": "Connections to this database",
    "connections_max": "Connections that the server accepts",
    "oldest_transaction_seconds": "Age of the oldest open transaction of this service",
    "size_bytes": "Size of the database on the disk",
}
STATE = """
SELECT (SELECT numbackends FROM pg_stat_database WHERE datname = current_database()),
       current_setting('max_connections')::int,
       (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()),
       pg_database_size(current_database())
"""


class DatabaseCollector(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        with connection.cursor() as cursor:
            cursor.execute(STATE)
            values = cursor.fetchone()
        for (name, words), value in zip(HELP.items(), values, strict=True):
            yield GaugeMetricFamily(f"walkandtalk_database_{name}", words, value=float(value))
