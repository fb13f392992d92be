"""An inspector says no, or that a walk will not happen."""

import uuid as uuid_module
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bookings import actions
from bookings.company import is_shared
from bookings.forms.staff.decisions import CancelForm, DeclineForm, KeepPlanForm
from bookings.models import Booking
from bookings.reaching import phone_rules
from bookings.statuses import Status
from bookings.views.staff.finding import booking_to_decide, how_she_hears, posted
from bookings.views.staff.handing_over import told_of_hand_over
from boroughs.models import Officer
from boroughs.requests import OfficerRequest
from walkandtalk.lib.govuk.pages import render_form


@told_of_hand_over
@require_http_methods(["GET", "POST"])
def decline(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    if not booking.may_become(Status.DECLINED) and request.method != "POST":
        return redirect("staff:booking", uuid)
    form = DeclineForm(posted(request), initial={"version": booking.version})
    status = None
    if form.is_valid():
        try:
            actions.decline_booking(booking, by=request.user, **form.cleaned_data)
        except actions.BookingError as error:
            booking = booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"Booking declined. {how_she_hears(booking)}")
            return redirect("staff:booking", uuid)
    return render_form(request, "bookings/staff/decline.html", form, status=status, booking=booking)


@told_of_hand_over
@require_http_methods(["GET", "POST"])
def keep_plan(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    """She asked for another time than her walk has, and the walk stays as it is."""
    booking = booking_to_decide(request, uuid)
    if not booking.asks_again and request.method != "POST":
        return redirect("staff:booking", uuid)
    form = KeepPlanForm(posted(request), initial={"version": booking.version})
    status = None
    if form.is_valid():
        try:
            actions.keep_plan(booking, by=request.user, **form.cleaned_data)
        except actions.BookingError as error:
            booking = booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"The plan stands. {how_she_hears(booking)}")
            return redirect("staff:booking", uuid)
    return render_form(request, "bookings/staff/keep_plan.html", form, status=status, booking=booking)


@told_of_hand_over
@require_http_methods(["GET", "POST"])
def cancel(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    if not booking.may_be_cancelled_by_us and request.method != "POST":
        return redirect("staff:booking", uuid)
    form = CancelForm(posted(request), is_shared=is_shared(booking), initial={"version": booking.version})
    status = None
    if form.is_valid():
        try:
            _cancel(booking, by=request.user, **form.cleaned_data)
        except actions.BookingError as error:
            booking = booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"Walk cancelled. {how_she_hears(booking)}")
            return redirect("staff:booking", uuid)
    rules = phone_rules(booking.contact)
    return render_form(request, "bookings/staff/cancel.html", form, status=status, booking=booking, rules=rules)


def _cancel(booking: Booking, *, by: Officer, whole_walk: bool = False, **said: Any) -> None:
    act = actions.cancel_walk_of if whole_walk else actions.cancel_booking_by_us
    act(booking, by=by, **said)
