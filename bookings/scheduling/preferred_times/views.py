"""Keep a walk as it is."""

import uuid as uuid_module

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted
from bookings.scheduling.preferred_times import actions as preferred_times_actions
from bookings.scheduling.preferred_times.forms import KeepPlanForm
from bookings.triage.handover.views import told_of_hand_over
from bookings.triage.lookups import booking_to_decide, how_she_hears
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.govuk.pages import render_form


@told_of_hand_over
@require_http_methods(["GET", "POST"])
def keep_plan(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    """She asked for another time than her walk has, and the walk stays as it is."""
    booking = booking_to_decide(request, uuid)
    if not booking.asks_again and request.method != "POST":
        return redirect("triage:booking", uuid)
    form = KeepPlanForm(posted(request), initial={"version": booking.version})
    status = None
    if form.is_valid():
        try:
            preferred_times_actions.keep_plan(booking, by=request.user, **form.cleaned_data)
        except BookingError as error:
            booking = booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"The plan stands. {how_she_hears(booking)}")
            return redirect("triage:booking", uuid)
    return render_form(request, "bookings/scheduling/keep_plan.html", form, status=status, booking=booking)
