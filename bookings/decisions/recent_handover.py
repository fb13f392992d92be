"""What an inspector reads whose colleague has just handed the booking over that she was about to decide on."""

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
    """It was hers when the page was shown and is not any more: she reads who took it where, and keeps her words."""

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
