"""Decline a request."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_booking_for_decision, how_requester_is_told
from bookings.statuses import Status
from bookings.triage.decline.actions import decline_booking
from bookings.triage.decline.forms import DeclineForm
from bookings.triage.handover.views import show_recent_handover
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form


@show_recent_handover
@require_http_methods(["GET", "POST"])
def decline(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_booking_for_decision(request, pk)
    if not booking.may_become(Status.DECLINED) and request.method != "POST":
        return redirect("triage:booking", pk)
    form = DeclineForm(posted_data(request), initial={"version": booking.version})
    status = None
    if form.is_valid():
        try:
            decline_booking(booking, by=request.user, **form.cleaned_data)
        except ActionError as error:
            booking = get_booking_for_decision(request, pk)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"Booking declined. {how_requester_is_told(booking)}")
            return redirect("triage:booking", pk)
    return render_form(request, "bookings/triage/decline.html", form, status=status, booking=booking)
