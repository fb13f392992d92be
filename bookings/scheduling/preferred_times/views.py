"""Keep a walk as it is."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_booking_for_decision, how_requester_is_told
from bookings.scheduling.preferred_times import actions
from bookings.scheduling.preferred_times.forms import DeclineChangeForm
from bookings.triage.handover.views import show_recent_handover
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form


@show_recent_handover
@require_http_methods(["GET", "POST"])
def decline_change_request(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """She asked for another time than her walk has, and the walk stays as it is."""
    booking = get_booking_for_decision(request, pk)
    if not booking.has_open_change_request and request.method != "POST":
        return redirect("triage:booking", pk)
    form = DeclineChangeForm(posted_data(request), initial={"version": booking.version})
    status = None
    if form.is_valid():
        try:
            actions.decline_change_request(booking, by=request.user, **form.cleaned_data)
        except ActionError as error:
            booking = get_booking_for_decision(request, pk)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"The plan stands. {how_requester_is_told(booking)}")
            return redirect("triage:booking", pk)
    return render_form(request, "bookings/scheduling/decline_change_request.html", form, status=status, booking=booking)
