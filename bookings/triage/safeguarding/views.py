"""“Stop: this is a crime or a safeguarding matter”: what to do now, and a mark on the booking."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_booking_for_decision
from bookings.triage.safeguarding import actions
from bookings.triage.safeguarding.forms import CloseSafeguardingForm, SafeguardingForm
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form

RING_NEXT = (
    "Marked, and your inspector is being told. "
    'Now ring <a class="govuk-notification-banner__link" href="tel:{}">{}</a>.'
)


@require_http_methods(["GET", "POST"])
def mark_safeguarding(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_booking_for_decision(request, pk)
    form = SafeguardingForm(posted_data(request))
    if form.is_valid():
        actions.mark_safeguarding_at_triage(booking, by=request.user)
        messages.success(request, "Marked. It stands first in the list until somebody has said what became of it.")
        return redirect("triage:booking", pk)
    number = booking.team.duty_number
    return render_form(request, "bookings/triage/mark_safeguarding.html", form, booking=booking, duty_number=number)


@require_http_methods(["GET", "POST"])
def close_safeguarding(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_booking_for_decision(request, pk)
    if not booking.has_open_safeguarding and request.method != "POST":
        return redirect("triage:booking", pk)
    form = CloseSafeguardingForm(posted_data(request))
    status = None
    if form.is_valid():
        try:
            actions.close_safeguarding(booking, by=request.user, **form.cleaned_data)
        except ActionError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, "Closed.")
            return redirect("triage:booking", pk)
    return render_form(request, "bookings/triage/close_safeguarding.html", form, status=status, booking=booking)
