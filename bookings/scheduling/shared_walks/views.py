"""An inspector puts women together: asks those on a walk, and offers a place on it."""

import uuid as uuid_module

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted
from bookings.models.bookings import Booking
from bookings.models.walk_queries import with_a_place
from bookings.scheduling.adjustment_fields import NeedFields
from bookings.scheduling.shared_walks import actions as shared_walks_actions
from bookings.scheduling.shared_walks.forms import CompanyForm, PlaceForm
from bookings.scheduling.shared_walks.places import offer_place
from bookings.sharing import may_share
from bookings.statuses import Status
from bookings.triage.handover.views import told_of_hand_over
from bookings.triage.lookups import booking_to_decide, how_she_hears, walk_to_change
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.govuk.pages import render_form
from walks.models.walks import Walk, WalkQuerySet
from walks.statuses import WalkStatus

WALKS_SHOWN = 20


@told_of_hand_over
@require_http_methods(["GET", "POST"])
def join(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    """A place for her on a walk that others have already."""
    booking = booking_to_decide(request, uuid)
    may_offer = booking.may_become(Status.OFFERED) and may_share(booking)
    if not may_offer and request.method != "POST":
        return redirect("triage:booking", uuid)
    ready, to_ask = _walks(request, booking)
    form = PlaceForm(posted(request), booking=booking, walks=ready, initial=_initial(booking))
    status = None
    if form.is_valid():
        try:
            offer_place(booking, by=request.user, **form.cleaned_data)
        except BookingError as error:
            booking = booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"A place is offered. {how_she_hears(booking)}")
            return redirect("triage:booking", uuid)
    context = {"booking": booking, "ready": ready, "to_ask": to_ask}
    return render_form(request, "bookings/scheduling/join.html", form, status=status, **context)


def _initial(booking: Booking) -> dict[str, object]:
    area = booking.ward.name if booking.ward else booking.borough.name
    return {"version": booking.version, "place": area, **NeedFields.initial_of(booking.arrangements.all())}


def _walks(request: OfficerRequest, booking: Booking) -> tuple[WalkQuerySet, list[Walk]]:
    """Those whose women have all said that others may join, and those where somebody has yet to be asked or answer."""
    walks = with_a_place(Walk.objects.visible_to(request.user).filter(bcu=booking.team), timezone.now())
    walks = walks.select_related("bcu").prefetch_related("assignments__officer")
    found = list(walks[:WALKS_SHOWN])
    ready = [walk.pk for walk in found if walk.agreed == walk.taken]
    return walks.filter(pk__in=ready), [walk for walk in found if walk.pk not in ready]


@require_http_methods(["GET", "POST"])
def ask_company(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    walk = walk_to_change(request, uuid)
    if walk.status != WalkStatus.SCHEDULED and request.method != "POST":
        return redirect("on_the_day:walk", uuid)
    form = CompanyForm(posted(request), initial={"version": walk.revision, "most": max(walk.capacity, 2)})
    status = None
    if form.is_valid():
        try:
            shared_walks_actions.ask_company(walk, by=request.user, **form.cleaned_data)
        except BookingError as error:
            walk = walk_to_change(request, uuid)
            form.refuse(error, version=walk.revision)
            status = 409
        else:
            messages.success(request, "Asked. You are told when all of them have said yes, or one says no.")
            return redirect("on_the_day:walk", uuid)
    women = walk.bookings.filter(status=Status.SCHEDULED).count()
    return render_form(request, "bookings/scheduling/ask_company.html", form, status=status, walk=walk, women=women)
