"""Standing walks: the list of a BCU, one of them, and a date offered to a woman. And the sheet for a briefing."""

import uuid as uuid_module

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import actions
from bookings.company import may_share
from bookings.forms.staff.arranging import NeedFields
from bookings.forms.staff.standing import StandingForm, StandingPlaceForm, first_plan
from bookings.history import history_of_standing
from bookings.models import StandingWalk, women_of
from bookings.permissions import can_read_details, can_see_queue
from bookings.standing_dates import dates_for
from bookings.statuses import GuestState, Status
from bookings.views.staff.finding import booking_to_decide, how_she_hears, posted
from bookings.views.staff.handing_over import told_of_hand_over
from bookings.views.staff.walk_page import visible_walk
from boroughs.requests import OfficerRequest
from walkandtalk.lib import london
from walkandtalk.lib.govuk.pages import render_form

DATES_SHOWN = 4


@require_safe
def standing_walks(request: OfficerRequest) -> HttpResponse:
    if not can_see_queue(request.user):
        raise PermissionDenied
    rows = StandingWalk.objects.visible_to(request.user).for_list_page()
    context = {"rows": rows, "bcu": request.user.bcu}
    return render(request, "bookings/staff/standing_walks.html", context)


@require_http_methods(["GET", "POST"])
def standing_new(request: OfficerRequest) -> HttpResponse:
    bcu = request.user.bcu
    if bcu is None or not can_see_queue(request.user):
        raise PermissionDenied
    form = StandingForm(posted(request), bcu=bcu, initial=first_plan(bcu, london.today()))
    if form.is_valid():
        standing = actions.make_standing_walk(by=request.user, **form.cleaned_data)
        messages.success(request, "Saved. Its dates can be offered from the page of a booking.")
        return redirect("staff:standing", standing.pk)
    return render_form(request, "bookings/staff/standing.html", form)


@require_http_methods(["GET", "POST"])
def standing(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    row = _standing(request, uuid)
    form = StandingForm(posted(request), bcu=row.bcu, initial=StandingForm.initial_of(row))
    if form.is_valid():
        actions.change_standing_walk(row, by=request.user, **form.cleaned_data)
        messages.success(request, "Saved. Walks that were made of it before stay as they are.")
        return redirect("staff:standing", uuid)
    coming = row.walks.filter(start_at__gte=timezone.now()).order_by("start_at")[:DATES_SHOWN]
    context = {"coming": list(coming), "history": history_of_standing(row)}
    return render_form(request, "bookings/staff/standing.html", form, standing=row, status=None, **context)


@require_POST
def standing_pause(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    row = _standing(request, uuid)
    pauses = row.paused_at is None
    actions.pause_standing_walk(row, by=request.user, paused=pauses)
    said = "Paused: none of its dates is offered now. Walks that were made of it stay." if pauses else "It goes on."
    messages.success(request, said)
    return redirect("staff:standing", uuid)


def _standing(request: OfficerRequest, uuid: uuid_module.UUID) -> StandingWalk:
    return get_object_or_404(StandingWalk.objects.visible_to(request.user).for_list_page(), pk=uuid)


@told_of_hand_over
@require_http_methods(["GET", "POST"])
def offer_standing(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    """Two taps from her page: this one, and its button, with the date that suits her best already chosen."""
    booking = booking_to_decide(request, uuid)
    may_offer = booking.may_become(Status.OFFERED) and may_share(booking)
    if not may_offer and request.method != "POST":
        return redirect("staff:booking", uuid)
    rows = StandingWalk.objects.visible_to(request.user).filter(bcu=booking.team).for_list_page()
    dates = dates_for(booking, rows, timezone.now())
    initial = {"version": booking.version, "pick": dates[0].code if dates else None}
    initial |= NeedFields.initial_of(booking.arrangements.all())
    form = StandingPlaceForm(posted(request), booking=booking, dates=dates, initial=initial)
    status = None
    if form.is_valid():
        try:
            actions.offer_standing_walk(booking, by=request.user, **form.cleaned_data)
        except actions.BookingError as error:
            booking = booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            status = 409
        else:
            messages.success(request, f"A place is offered. {how_she_hears(booking)}")
            return redirect("staff:booking", uuid)
    return render_form(request, "bookings/staff/offer_standing.html", form, status=status, booking=booking, dates=dates)


@require_safe
def briefing(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    """One sheet to print, for those alone who may read it now. What is kept from somebody in the police never is."""
    walk = visible_walk(request, uuid)
    may_read = can_read_details(request.user, walk, walk.live_officers(), timezone.now())
    if walk.forgotten_at is not None or walk.handler_id is not None or not may_read:
        raise PermissionDenied
    women = women_of(walk).filter(status=Status.SCHEDULED)
    if request.method == "GET":
        actions.read_women(women, walk, by=request.user)
    context = {
        "walk": walk,
        "officers": walk.live_officers(),
        "women": women,
        "guests": walk.guests.filter(state=GuestState.COMING),
    }
    return render(request, "bookings/staff/briefing.html", context)
