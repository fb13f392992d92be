"""Cancel a walk."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_booking_for_decision, how_requester_is_told
from bookings.models.bookings import Booking
from bookings.notices.contact_preferences import phone_rules
from bookings.scheduling.cancellation.actions import cancel_booking_by_us, cancel_walk_of_booking
from bookings.scheduling.cancellation.forms import CancelForm
from bookings.sharing import is_shared_walk
from bookings.triage.handover.views import show_recent_handover
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form


@show_recent_handover
@require_http_methods(["GET", "POST"])
def cancel(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_booking_for_decision(request, pk)
    if not booking.may_be_cancelled_by_us and request.method != "POST":
        return redirect("triage:booking", pk)
    form = CancelForm(
        posted_data(request), is_shared_walk=is_shared_walk(booking), initial={"version": booking.version}
    )
    status = None
    if form.is_valid():
        try:
            _cancel(booking, by=request.user, **form.cleaned_data)
        except ActionError as error:
            booking = get_booking_for_decision(request, pk)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"Walk cancelled. {how_requester_is_told(booking)}")
            return redirect("triage:booking", pk)
    rules = phone_rules(booking.contact)
    return render_form(request, "bookings/scheduling/cancel.html", form, status=status, booking=booking, rules=rules)


def _cancel(booking: Booking, *, by: Officer, whole_walk: bool = False, **said: Any) -> None:
    act = cancel_walk_of_booking if whole_walk else cancel_booking_by_us
    act(booking, by=by, **said)
