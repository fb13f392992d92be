"""Women who have not been told, and what an inspector does about it."""

import uuid as uuid_module

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import actions
from bookings.forms.staff.telling import AddressForm
from bookings.models import Booking
from bookings.permissions import can_see_queue
from bookings.reaching import phone_rules
from bookings.untold import who_was_not_told
from bookings.views.staff.finding import booking_to_decide, posted
from boroughs.requests import OfficerRequest
from walkandtalk.lib.govuk.pages import render_form

MOST_SHOWN = 200


@require_safe
def not_told(request: OfficerRequest) -> HttpResponse:
    if not can_see_queue(request.user):
        raise PermissionDenied
    found = who_was_not_told(Booking.objects.visible_to(request.user), timezone.now(), most=MOST_SHOWN)
    rows = [(untold, phone_rules(untold.booking.contact)) for untold in found]
    return render(request, "bookings/staff/not_told.html", {"rows": rows, "bcu": request.user.bcu})


@require_POST
def send_again(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    try:
        actions.send_news_again(booking, by=request.user)
    except actions.BookingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Sent again: look below in a minute whether it reached her mail server.")
    return redirect("staff:booking", uuid)


@require_http_methods(["GET", "POST"])
def address(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    form = AddressForm(posted(request))
    status = None
    if form.is_valid():
        try:
            actions.correct_address(booking, by=request.user, email=form.cleaned_data["email"])
        except actions.BookingError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, "Address corrected, and the news sent there. Old links to her page are dead.")
            return redirect("staff:booking", uuid)
    return render_form(request, "bookings/staff/address.html", form, status=status, booking=booking)
