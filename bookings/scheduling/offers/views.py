"""An inspector offers her another time, or takes the offer back."""

import uuid as uuid_module

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import OfficerRequest, posted
from bookings.scheduling.offers.actions import offer_times, withdraw_offers
from bookings.scheduling.offers.forms import OfferForm
from bookings.statuses import Status
from bookings.triage.booking_page import booking_page
from bookings.triage.forms import VersionForm
from bookings.triage.handover.views import told_of_hand_over
from bookings.triage.lookups import booking_to_decide, how_she_hears, visible_booking
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.plain_text import one_line


@told_of_hand_over
@require_http_methods(["GET", "POST"])
def offer(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    if not booking.may_become(Status.OFFERED) and request.method != "POST":
        return redirect("triage:booking", uuid)
    place = one_line(booking.contact.meeting_place) or booking.borough.name
    form = OfferForm(posted(request), initial={"version": booking.version, "first_place": place})
    status = None
    if form.is_valid():
        try:
            offer_times(booking, by=request.user, **form.cleaned_data)
        except BookingError as error:
            booking = booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"Offered. {how_she_hears(booking)}")
            return redirect("triage:booking", uuid)
    return render_form(request, "bookings/scheduling/offer.html", form, status=status, booking=booking)


@told_of_hand_over
@require_POST
def take_back(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    try:
        withdraw_offers(booking, by=request.user, version=VersionForm.read(request.POST))
    except BookingError as error:
        return booking_page(request, visible_booking(request, uuid), refused=error)
    messages.success(request, f"Offer taken back. {how_she_hears(booking)}")
    return redirect("triage:booking", uuid)
