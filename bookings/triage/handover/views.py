"""An inspector hands a booking over, and what her colleague reads who was about to decide on it."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from bookings.events import recent_handover_from
from bookings.lookups import get_booking_for_decision, how_requester_is_told
from bookings.statuses import Status
from bookings.triage.handover.actions import hand_over_booking
from bookings.triage.handover.forms import HandOverForm
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form

Decision = Callable[[OfficerRequest, UUID], HttpResponse]


def show_recent_handover(decision: Decision) -> Decision:
    """It was hers when the page was shown and is not any more: she reads who took it where, and keeps her words."""

    @wraps(decision)
    def decided(request: OfficerRequest, pk: UUID) -> HttpResponse:
        try:
            return decision(request, pk)
        except Http404:
            event = recent_handover_from(request.user, pk, now=timezone.now())
            if request.method != "POST" or event is None:
                raise
            typed = [request.POST[name] for name in ("words", "note") if request.POST.get(name)]
            context = {"event": event, "to": event.code.split()[-1], "typed": typed}
            return render(request, "bookings/triage/recent_handover.html", context, status=409)

    return decided


@show_recent_handover
@require_http_methods(["GET", "POST"])
def hand_over(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_booking_for_decision(request, pk)
    if booking.status not in (Status.WAITING, Status.OFFERED, Status.SCHEDULED) and request.method != "POST":
        return redirect("triage:booking", pk)
    without = {booking.team.pk, booking.bcu_id}
    form = HandOverForm(posted_data(request), without=without, initial={"version": booking.version})
    status = None
    if form.is_valid():
        try:
            hand_over_booking(booking, by=request.user, **form.cleaned_data)
        except ActionError as error:
            booking = get_booking_for_decision(request, pk)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            done = f"Handed over to {form.cleaned_data['to'].name}: it is in their list now."
            messages.success(request, f"{done} {how_requester_is_told(booking, here=False)}")
            return redirect("triage:queue")
    return render_form(request, "bookings/triage/hand_over.html", form, status=status, booking=booking)
