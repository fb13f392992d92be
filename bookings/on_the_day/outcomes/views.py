"""Afterwards an inspector says what became of a booking, where the buttons did not."""

import uuid as uuid_module

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted
from bookings.on_the_day.outcomes.actions import settle_booking
from bookings.on_the_day.outcomes.forms import SettleForm
from bookings.triage.lookups import booking_to_decide
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.govuk.pages import render_form


@require_http_methods(["GET", "POST"])
def settle(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    allowed = booking.may_be_settled_as(timezone.now())
    if not allowed and request.method != "POST":
        return redirect("triage:booking", uuid)
    # A press that comes too late is answered by the action, which says what a colleague has done.
    form = SettleForm(
        posted(request), allowed=allowed or list(SettleForm.OUTCOMES), initial={"version": booking.version}
    )
    status = None
    if form.is_valid():
        try:
            settle_booking(booking, by=request.user, **form.cleaned_data)
        except BookingError as error:
            booking = booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"Saved: {booking.get_status_display().lower()}.")
            return redirect("triage:booking", uuid)
    return render_form(request, "bookings/on_the_day/settle.html", form, status=status, booking=booking)
