"""The page for an inspector who was about to decide on a booking that a colleague has just handed over."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accounts.requests import OfficerRequest
from bookings.events import recent_handover_from

View = Callable[..., HttpResponseBase]


def show_recent_handover(view: View) -> View:
    """Show the inspector who handed the booking over and to which BCU, with the words that she typed."""

    @wraps(view)
    def decided(request: OfficerRequest, pk: UUID) -> HttpResponseBase:
        try:
            return view(request, pk=pk)
        except Http404:
            event = recent_handover_from(request.user, pk, now=timezone.now())
            if request.method != "POST" or event is None:
                raise
            typed = [request.POST[name] for name in ("words", "note") if request.POST.get(name)]
            context = {"event": event, "to": event.code.split()[-1], "typed": typed}
            return render(request, "bookings/triage/recent_handover.html", context, status=409)

    return decided
