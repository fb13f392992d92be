"""Afterwards an inspector says what became of a booking, where the buttons did not."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_booking_for_decision
from bookings.on_the_day.outcomes import actions
from bookings.on_the_day.outcomes.forms import OutcomeForm
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form


@require_http_methods(["GET", "POST"])
def record_outcome(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_booking_for_decision(request, pk)
    allowed = booking.possible_outcomes(timezone.now())
    if not allowed and request.method != "POST":
        return redirect("triage:booking", pk)
    # A press that comes too late is answered by the action, which says what a colleague has done.
    form = OutcomeForm(
        posted_data(request), allowed=allowed or list(OutcomeForm.OUTCOMES), initial={"version": booking.version}
    )
    status = None
    if form.is_valid():
        try:
            actions.record_outcome(booking, by=request.user, **form.cleaned_data)
        except ActionError as error:
            booking = get_booking_for_decision(request, pk)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"Saved: {booking.get_status_display().lower()}.")
            return redirect("triage:booking", pk)
    return render_form(request, "bookings/on_the_day/record_outcome.html", form, status=status, booking=booking)
