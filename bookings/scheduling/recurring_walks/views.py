"""Offer a date of a recurring walk."""

import uuid as uuid_module

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted
from bookings.scheduling.adjustment_fields import NeedFields
from bookings.scheduling.recurring_walks.actions import offer_standing_walk
from bookings.scheduling.recurring_walks.dates import dates_for
from bookings.scheduling.recurring_walks.forms import StandingPlaceForm
from bookings.sharing import may_share
from bookings.statuses import Status
from bookings.triage.handover.views import told_of_hand_over
from bookings.triage.lookups import booking_to_decide, how_she_hears
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.govuk.pages import render_form
from walks.models.recurring_walks import StandingWalk


@told_of_hand_over
@require_http_methods(["GET", "POST"])
def offer_standing(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    """Two taps from her page: this one, and its button, with the date that suits her best already chosen."""
    booking = booking_to_decide(request, uuid)
    may_offer = booking.may_become(Status.OFFERED) and may_share(booking)
    if not may_offer and request.method != "POST":
        return redirect("triage:booking", uuid)
    rows = StandingWalk.objects.visible_to(request.user).filter(bcu=booking.team).for_list_page()
    dates = dates_for(booking, rows, timezone.now())
    initial = {"version": booking.version, "pick": dates[0].code if dates else None}
    initial |= NeedFields.initial_of(booking.arrangements.all())
    form = StandingPlaceForm(posted(request), booking=booking, dates=dates, initial=initial)
    status = None
    if form.is_valid():
        try:
            offer_standing_walk(booking, by=request.user, **form.cleaned_data)
        except BookingError as error:
            booking = booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"A place is offered. {how_she_hears(booking)}")
            return redirect("triage:booking", uuid)
    return render_form(
        request, "bookings/scheduling/offer_standing.html", form, status=status, booking=booking, dates=dates
    )
