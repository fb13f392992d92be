"""An inspector offers her another time, or takes the offer back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_booking_for_decision, get_visible_booking, how_requester_is_told
from bookings.scheduling.offers import actions
from bookings.scheduling.offers.forms import OfferForm
from bookings.statuses import Status
from bookings.triage.booking_page import booking_page
from bookings.triage.forms import VersionForm
from bookings.triage.handover.views import show_recent_handover
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.plain_text import one_line


@show_recent_handover
@require_http_methods(["GET", "POST"])
def offer_times(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_booking_for_decision(request, pk)
    if not booking.may_become(Status.OFFERED) and request.method != "POST":
        return redirect("triage:booking", pk)
    place = one_line(booking.contact.meeting_place) or booking.borough.name
    form = OfferForm(posted_data(request), initial={"version": booking.version, "first_place": place})
    status = None
    if form.is_valid():
        try:
            actions.offer_times(booking, by=request.user, **form.cleaned_data)
        except ActionError as error:
            booking = get_booking_for_decision(request, pk)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"Offered. {how_requester_is_told(booking)}")
            return redirect("triage:booking", pk)
    return render_form(request, "bookings/scheduling/offer_times.html", form, status=status, booking=booking)


@show_recent_handover
@require_POST
def withdraw_offer(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_booking_for_decision(request, pk)
    try:
        actions.withdraw_offers(booking, by=request.user, version=VersionForm.read(request.POST))
    except ActionError as error:
        return booking_page(request, get_visible_booking(request, pk), refused=error)
    messages.success(request, f"Offer withdrawn. {how_requester_is_told(booking)}")
    return redirect("triage:booking", pk)
