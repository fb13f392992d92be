"""One line and the metrics of each request. docs/monitoring.md#requests"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseFileResponse

from walkandtalk.lib.monitoring.masking import route_of
from walkandtalk.lib.monitoring.metrics import QueryTimer, count_request
from walkandtalk.lib.monitoring.request_ids import HEADER, id_from_proxy, in_request

QUIET = ("static", "healthz", "readyz", "metrics")
"""Routes whose successes are counted, and have no line each."""

logger = logging.getLogger("walkandtalk.requests")


class RequestLogMiddleware:
    """Gives each request its id, and says how it ended. It is the outermost, so that no response is left out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, timer, request_id = perf_counter(), QueryTimer(), id_from_proxy(request) or uuid4()
        with in_request(request_id), connection.execute_wrapper(timer):
            response = self.get_response(request)
            _record(request, response, perf_counter() - began, timer)
        response[HEADER] = str(request_id)
        return response


def _record(request: HttpRequest, response: HttpResponse, seconds: float, timer: QueryTimer) -> None:
    route = "static" if isinstance(response, WhiteNoiseFileResponse) else route_of(request)
    method, status = request.method or "", response.status_code
    count_request(route=route, method=method, status=status, seconds=seconds, timer=timer)
    if route in QUIET and status < HTTPStatus.BAD_REQUEST:
        return
    line = {
        "method": method[:10],
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "queries": timer.queries,
        "database_ms": round(timer.seconds * 1000, 1),
    }
    if getattr(request, "discreet", False):
        line["neutral"] = True
    # Only if the session has been read already: a line must not cost a query.
    if (user := getattr(request, "_cached_user", None)) is not None and user.is_authenticated:
        line["person"] = user.pk
    logger.info("request", extra=line)
