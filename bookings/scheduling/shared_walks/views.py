"""An inspector puts women together: asks those on a walk, and offers a place on it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_booking_for_decision, get_walk_for_change, how_requester_is_told
from bookings.models.bookings import Booking
from bookings.models.walk_queries import with_free_place
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.shared_walks import actions
from bookings.scheduling.shared_walks.forms import AskToShareWalkForm, OfferPlaceForm
from bookings.scheduling.shared_walks.places import offer_place_on_walk
from bookings.sharing import can_share_walk
from bookings.statuses import Status
from bookings.triage.handover.views import show_recent_handover
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walks.models.walks import Walk, WalkQuerySet
from walks.statuses import WalkStatus

WALKS_SHOWN = 20


@show_recent_handover
@require_http_methods(["GET", "POST"])
def offer_place(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """A place for her on a walk that others have already."""
    booking = get_booking_for_decision(request, pk)
    may_offer = booking.may_become(Status.OFFERED) and can_share_walk(booking)
    if not may_offer and request.method != "POST":
        return redirect("triage:booking", pk)
    ready, unanswered = _walks(request, booking)
    form = OfferPlaceForm(posted_data(request), booking=booking, walks=ready, initial=_initial(booking))
    status = None
    if form.is_valid():
        try:
            offer_place_on_walk(booking, by=request.user, **form.cleaned_data)
        except ActionError as error:
            booking = get_booking_for_decision(request, pk)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"A place is offered. {how_requester_is_told(booking)}")
            return redirect("triage:booking", pk)
    context = {"booking": booking, "ready": ready, "unanswered": unanswered}
    return render_form(request, "bookings/scheduling/offer_place.html", form, status=status, **context)


def _initial(booking: Booking) -> dict[str, object]:
    area = booking.ward.name if booking.ward else booking.borough.name
    return {"version": booking.version, "place": area, **AdjustmentFields.initial_of(booking.adjustments.all())}


def _walks(request: OfficerRequest, booking: Booking) -> tuple[WalkQuerySet, list[Walk]]:
    """Those whose women have all said that others may join, and those where somebody has yet to be asked or answer."""
    walks = with_free_place(Walk.objects.visible_to(request.user).filter(bcu=booking.team), timezone.now())
    walks = walks.select_related("bcu").prefetch_related("assignments__officer")
    found = list(walks[:WALKS_SHOWN])
    ready = [walk.pk for walk in found if walk.consents == walk.places_taken]
    return walks.filter(pk__in=ready), [walk for walk in found if walk.pk not in ready]


@require_http_methods(["GET", "POST"])
def ask_to_share_walk(request: OfficerRequest, pk: UUID) -> HttpResponse:
    walk = get_walk_for_change(request, pk)
    if walk.status != WalkStatus.SCHEDULED and request.method != "POST":
        return redirect("on_the_day:walk", pk)
    form = AskToShareWalkForm(posted_data(request), initial={"version": walk.version, "most": max(walk.capacity, 2)})
    status = None
    if form.is_valid():
        try:
            actions.ask_to_share_walk(walk, by=request.user, **form.cleaned_data)
        except ActionError as error:
            walk = get_walk_for_change(request, pk)
            form.refuse(error, version=walk.version)
            status = 409
        else:
            messages.success(request, "Asked. You are told when all of them have said yes, or one says no.")
            return redirect("on_the_day:walk", pk)
    women = walk.bookings.filter(status=Status.SCHEDULED).count()
    return render_form(
        request, "bookings/scheduling/ask_to_share_walk.html", form, status=status, walk=walk, women=women
    )
