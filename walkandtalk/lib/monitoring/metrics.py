"""Metrics that each process counts for itself: requests, and what they asked of the database.

A label holds a name from our own code, never what a visitor sent. docs/monitoring.md#metrics
"""

import os
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from django.db import Error, OperationalError
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS"))
TIMEOUTS = frozenset(("57014", "55P03", "25P03", "25P04"))
"""PostgreSQL's codes for a statement, a lock, an idle transaction and a transaction that took too long."""

_registry = CollectorRegistry()
REQUESTS = Counter("walkandtalk_requests", "Finished requests", ["route", "method", "status"], registry=_registry)
REQUEST_SECONDS = Histogram(
    "walkandtalk_request_seconds", "Time until the response was ready", ["route"], buckets=BUCKETS, registry=_registry
)
QUERIES = Counter("walkandtalk_database_queries", "Queries of requests", registry=_registry)
QUERY_SECONDS = Counter("walkandtalk_database_seconds", "Time that requests waited for queries", registry=_registry)
QUERY_ERRORS = Counter(
    "walkandtalk_database_errors", "Queries of requests that failed, by kind", ["kind"], registry=_registry
)

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class QueryTimer:
    """Counts and times the queries of one request. `connection.execute_wrapper` calls it."""

    def __init__(self) -> None:
        self.queries, self.seconds = 0, 0.0

    def __call__(self, execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        began = perf_counter()
        try:
            return execute(sql, params, many, context)
        except Error as error:
            if kind := kind_of(error):
                QUERY_ERRORS.labels(kind).inc()
            raise
        finally:
            self.queries += 1
            self.seconds += perf_counter() - began


def kind_of(error: Error) -> str | None:
    """Return why PostgreSQL did not answer. A constraint that refuses a row is an answer."""
    if not isinstance(error, OperationalError):
        return None
    return "timeout" if getattr(error.__cause__, "pgcode", None) in TIMEOUTS else "unavailable"


def count_request(*, route: str, method: str, status: int, seconds: float, timer: QueryTimer) -> None:
    REQUESTS.labels(route, method if method in METHODS else "other", str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    QUERIES.inc(timer.queries)
    QUERY_SECONDS.inc(timer.seconds)


def exposition(collectors: Iterable[Collector]) -> bytes:
    """Return these collectors' metrics, and those of all web processes of this machine, in Prometheus' text format."""
    registry = CollectorRegistry()
    for collector in collectors:
        registry.register(collector)
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # set in gunicorn.conf.py
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(_registry)
