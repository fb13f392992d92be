"""“Stop: this is a crime or a safeguarding matter”: what to do now, and a mark on the booking."""

import uuid as uuid_module

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from bookings import actions
from bookings.forms.staff.safeguarding import CloseForm, StopForm, StopOnWalkForm
from bookings.models import women_of
from bookings.permissions import can_stop_on_walk
from bookings.views.staff.finding import booking_to_decide, posted
from bookings.views.staff.walk_page import own_walk
from boroughs.requests import OfficerRequest, works_idle
from walkandtalk.lib.govuk.pages import render_form

NOW_RING = (
    "Marked, and your inspector is being told. "
    'Now ring <a class="govuk-notification-banner__link" href="tel:{}">{}</a>.'
)


@require_http_methods(["GET", "POST"])
def stop(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    form = StopForm(posted(request))
    if form.is_valid():
        actions.stop_at_triage(booking, by=request.user)
        messages.success(request, "Marked. It stands first in the list until somebody has said what became of it.")
        return redirect("staff:booking", uuid)
    number = booking.team.duty_number
    return render_form(request, "bookings/staff/stop.html", form, booking=booking, duty_number=number)


@works_idle
@require_http_methods(["GET", "POST"])
def stop_on_walk(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    walk = own_walk(request, uuid)
    if not can_stop_on_walk(request.user, walk, walk.live_officers(), timezone.now()):
        raise PermissionDenied
    form = StopOnWalkForm(posted(request), women=list(women_of(walk)), names=not request.is_idle)
    if form.is_valid():
        actions.stop_on_walk(walk, form.chosen(), by=request.user)
        number = walk.duty_number
        messages.success(request, format_html(NOW_RING, number.replace(" ", ""), number))
        return redirect("staff:walk", uuid)
    if form.names_them and request.method == "GET":
        actions.read_women(form.women, walk, by=request.user)
    return render_form(request, "bookings/staff/stop.html", form, walk=walk, duty_number=walk.duty_number)


@require_http_methods(["GET", "POST"])
def close(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    if not booking.is_to_safeguard and request.method != "POST":
        return redirect("staff:booking", uuid)
    form = CloseForm(posted(request))
    status = None
    if form.is_valid():
        try:
            actions.close_safeguarding(booking, by=request.user, **form.cleaned_data)
        except actions.BookingError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, "Closed.")
            return redirect("staff:booking", uuid)
    return render_form(request, "bookings/staff/close_stop.html", form, status=status, booking=booking)
