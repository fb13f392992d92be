"""Offer a date of a recurring walk."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_booking_for_decision, how_requester_is_told
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.recurring_walks import actions
from bookings.scheduling.recurring_walks.dates import suitable_dates
from bookings.scheduling.recurring_walks.forms import OfferRecurringWalkForm
from bookings.sharing import can_share_walk
from bookings.statuses import Status
from bookings.triage.handover.views import show_recent_handover
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walks.models.recurring_walks import RecurringWalk


@show_recent_handover
@require_http_methods(["GET", "POST"])
def offer_recurring_walk(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Two taps from her page: this one, and its button, with the date that suits her best already chosen."""
    booking = get_booking_for_decision(request, pk)
    may_offer = booking.may_become(Status.OFFERED) and can_share_walk(booking)
    if not may_offer and request.method != "POST":
        return redirect("triage:booking", pk)
    rows = RecurringWalk.objects.visible_to(request.user).filter(bcu=booking.team).for_list_page()
    dates = suitable_dates(booking, rows, timezone.now())
    initial = {"version": booking.version, "choice": dates[0].code if dates else None}
    initial |= AdjustmentFields.initial_of(booking.adjustments.all())
    form = OfferRecurringWalkForm(posted_data(request), booking=booking, dates=dates, initial=initial)
    status = None
    if form.is_valid():
        try:
            actions.offer_recurring_walk(booking, by=request.user, **form.cleaned_data)
        except ActionError as error:
            booking = get_booking_for_decision(request, pk)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"A place is offered. {how_requester_is_told(booking)}")
            return redirect("triage:booking", pk)
    return render_form(
        request, "bookings/scheduling/offer_recurring_walk.html", form, status=status, booking=booking, dates=dates
    )
