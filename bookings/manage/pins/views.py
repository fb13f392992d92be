"""She has forgotten her PIN. First whom to ring and how, then one to read out, good for this once."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest
from bookings.lookups import get_booking_for_decision
from bookings.manage.pins import actions
from bookings.manage.pins.forms import ResetPinForm
from bookings.notices.contact_preferences import phone_rules
from bookings.permissions import can_reset_pin
from bookings.read_log import reveal_phone
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form

SHOW = "show"


@require_http_methods(["GET", "POST"])
def reset_pin(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Number and PIN are shown in the answers themselves: a redirect would have to keep them, and GET never acts."""
    booking = get_booking_for_decision(request, pk)
    if not can_reset_pin(request.user, booking):
        raise PermissionDenied
    number = reveal_phone(booking, by=request.user) if SHOW in request.POST else ""
    form = ResetPinForm(request.POST if request.method == "POST" and not number else None)
    if form.is_valid():
        try:
            pin = actions.reset_pin(booking, by=request.user)
        except ActionError as error:
            form.add_error("spoken", str(error))
        else:
            return render(request, "bookings/manage/one_time_pin.html", {"booking": booking, "pin": pin})
    rules = phone_rules(booking.contact)
    return render_form(request, "bookings/manage/reset_pin.html", form, booking=booking, rules=rules, number=number)
