"""An inspector offers her another time, or takes the offer back."""

import uuid as uuid_module

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from bookings import actions
from bookings.forms.staff.offers import OfferForm
from bookings.forms.staff.versions import VersionForm
from bookings.plain_text import one_line
from bookings.statuses import Status
from bookings.views.staff.booking import booking_page
from bookings.views.staff.finding import booking_to_decide, how_she_hears, posted, visible_booking
from bookings.views.staff.handing_over import told_of_hand_over
from boroughs.requests import OfficerRequest
from walkandtalk.lib.govuk.pages import render_form


@told_of_hand_over
@require_http_methods(["GET", "POST"])
def offer(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    if not booking.may_become(Status.OFFERED) and request.method != "POST":
        return redirect("staff:booking", uuid)
    place = one_line(booking.contact.meeting_place) or booking.borough.name
    form = OfferForm(posted(request), initial={"version": booking.version, "first_place": place})
    status = None
    if form.is_valid():
        try:
            actions.offer_times(booking, by=request.user, **form.cleaned_data)
        except actions.BookingError as error:
            booking = booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"Offered. {how_she_hears(booking)}")
            return redirect("staff:booking", uuid)
    return render_form(request, "bookings/staff/offer.html", form, status=status, booking=booking)


@told_of_hand_over
@require_POST
def take_back(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    try:
        actions.withdraw_offers(booking, by=request.user, version=VersionForm.read(request.POST))
    except actions.BookingError as error:
        return booking_page(request, visible_booking(request, uuid), refused=error)
    messages.success(request, f"Offer taken back. {how_she_hears(booking)}")
    return redirect("staff:booking", uuid)
