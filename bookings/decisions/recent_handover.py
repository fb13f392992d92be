"""The page for an inspector who was about to decide on a booking that a colleague has just handed over."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accounts.requests import OfficerRequest, posted_data
from bookings.events import recent_handover_from
from walkandtalk.lib.govuk.pages import summary_row

View = Callable[..., HttpResponseBase]
NOT_ENTERED = frozenset({"csrfmiddlewaretoken", "version", "then"})
"""The names of posted values that the page itself sends."""


def show_recent_handover(view: View) -> View:
    """Show the inspector who handed the booking over and to which BCU, with everything that she entered.

    She no longer sees the booking, or may no longer decide on it if it was handed over while her press was waiting.
    """

    @wraps(view)
    def decided(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
        try:
            return view(request, pk=pk)
        except (Http404, PermissionDenied):
            event = recent_handover_from(request.user, pk, now=timezone.now())
            entered = posted_data(request)
            if entered is None or event is None:
                raise
            context = {"event": event, "to": event.code.split()[-1], "entered": _entered_rows(entered)}
            return render(request, "bookings/triage/recent_handover.html", context, status=409)

    return decided


def _entered_rows(data: QueryDict) -> list[dict[str, Any]]:
    """Return a row for each field with an answer, under the name of the field."""
    lines = {name: "\n".join(values).split("\n") for name, values in data.lists() if name not in NOT_ENTERED}
    return [summary_row(name.replace("_", " ").capitalize(), value) for name, value in lines.items() if any(value)]
