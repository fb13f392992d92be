"""A walk with its officers: made, and changed."""

import uuid as uuid_module
from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted
from bookings.models.bookings import Booking
from bookings.models.preferred_times import Wish
from bookings.permissions import can_confirm_by_phone
from bookings.read_log import read_women
from bookings.scheduling.adjustment_fields import NeedFields
from bookings.scheduling.schedule.actions import change_walk, schedule_booking
from bookings.scheduling.schedule.forms import AddForm, ChangeForm, ScheduleForm, WalkForm, WishForm
from bookings.statuses import Status
from bookings.triage.handover.views import told_of_hand_over
from bookings.triage.lookups import booking_to_decide, how_she_hears, walk_to_change
from walkandtalk.lib import london
from walkandtalk.lib.errors import BookingError
from walkandtalk.lib.govuk.pages import error_summary, render_form
from walks.locks import OfficerTaken
from walks.models.walks import Walk
from walks.planning.meeting_places import suggested_spots
from walks.planning.suggestions import FreeThen, Slot, Team
from walks.statuses import WalkStatus

REFUSED = 409
OTHERS_SHOWN = 4


@told_of_hand_over
@require_http_methods(["GET", "POST"])
def schedule(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    booking = booking_to_decide(request, uuid)
    if not booking.may_become(Status.SCHEDULED) and request.method != "POST":
        return redirect("triage:booking", uuid)
    if booking.confirmed_at is None:
        return _unconfirmed_page(request, booking)
    data = posted(request)
    form = ScheduleForm(data, booking=booking, initial=_first_plan(request, booking) if data is None else None)
    shown, status = copy(booking), None
    if form.looks_only:
        form.look_only()
    elif form.is_valid():
        try:
            walk = schedule_booking(booking, by=request.user, **form.cleaned_data)
        except OfficerTaken as error:  # nothing is said of her: what was read of her stands
            form.refuse(error, version=shown.version)
            booking, status = shown, REFUSED
        except BookingError as error:
            booking = booking_to_decide(request, uuid)
            form.refuse(error, version=booking.version)
            if not booking.awaits_decision:
                return _too_late_page(request, form, back=reverse("triage:booking", args=[uuid]))
            status = REFUSED
        else:
            done = f"Walk scheduled for {_when(walk)}. The officers are being told."
            messages.success(request, f"{done} {how_she_hears(booking)}")
            return redirect("triage:booking", uuid)
    return _walk_form_page(request, "bookings/scheduling/schedule.html", form, [booking], status=status)


@require_http_methods(["GET", "POST"])
def change(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    walk = walk_to_change(request, uuid)
    if walk.status != WalkStatus.SCHEDULED and request.method != "POST":
        return redirect("on_the_day:walk", uuid)
    bookings = list(walk.bookings.filter(status=Status.SCHEDULED).for_detail_page())
    if request.method == "GET":
        read_women(bookings, walk, by=request.user)
    form = ChangeForm(posted(request), walk=walk, bookings=bookings, initial=_next_plan(request, walk, bookings))
    status = None
    if form.looks_only:
        form.look_only()
    elif form.is_valid():
        try:
            change_walk(walk, by=request.user, **form.cleaned_data)
        except BookingError as error:
            walk = walk_to_change(request, uuid)
            form.refuse(error, version=walk.revision)
            if walk.status != WalkStatus.SCHEDULED:
                return _too_late_page(request, form, back=reverse("on_the_day:walk", args=[uuid]))
            status = REFUSED
        else:
            messages.success(request, "Walk changed. Everybody it concerns is being told.")
            return redirect("on_the_day:walk", uuid)
    return _walk_form_page(request, "bookings/scheduling/change.html", form, bookings, walk=walk, status=status)


def _first_plan(request: OfficerRequest, booking: Booking) -> dict[str, Any]:
    """What the form suggests: the time she chose or said yes to, the place, and the ways of the BCU."""
    wish = WishForm(request.GET).chosen(booking.wishes_now())
    accepted = None if "wish" in request.GET else booking.accepted_offer()
    if accepted is not None:
        start = london.local(accepted.start_at)
        time = {"date": start.date(), "start": start.time(), "meeting_place": accepted.place}
    else:
        time = {"date": wish.date if wish else None, "start": wish.start if wish else None}
    return {
        "meeting_place": booking.contact.meeting_place,
        **time,
        "minutes": booking.team.walk_minutes,
        "pin": booking.contact.pin,
        "finish_place": "Back at the start",
        "duty_number": booking.team.duty_number,
        "version": booking.version,
        **NeedFields.initial_of(booking.arrangements.all()),
    }


def _next_plan(request: OfficerRequest, walk: Walk, bookings: list[Booking]) -> dict[str, Any]:
    """The walk as it is, or at the time that she asked for instead, where she asked for another place there."""
    plan = ChangeForm.initial_of(walk, add=AddForm(request.GET).officer_id())
    if chosen := WishForm(request.GET).chosen_of(bookings):
        booking, wish = chosen
        plan |= {"date": wish.date, "start": wish.start}
        contact = booking.contact
        if contact.meeting_place and contact.meeting_place != contact.former_meeting_place:
            plan["meeting_place"] = contact.meeting_place
    return plan


def _unconfirmed_page(request: OfficerRequest, booking: Booking) -> HttpResponse:
    status = REFUSED if request.method == "POST" else 200
    context = {"booking": booking, "offer_spoken": can_confirm_by_phone(request.user, booking)}
    return render(request, "bookings/scheduling/unconfirmed.html", context, status=status)


def _too_late_page(request: OfficerRequest, form: WalkForm, *, back: str) -> HttpResponse:
    """A colleague, or she herself, has settled it: there is nothing to press here, and what was typed can be read."""
    context = {"form": form, "error_summary": error_summary(form), "entered": form.entered(), "back": back}
    return render(request, "bookings/scheduling/too_late.html", context, status=REFUSED)


def _walk_form_page(
    request: OfficerRequest,
    template: str,
    form: WalkForm,
    bookings: list[Booking],
    *,
    walk: Walk | None = None,
    status: int | None,
) -> HttpResponse:
    """With who is free at each of her times, and, where it was refused, with other choices."""
    wished = {wish: slot for booking in bookings for wish in booking.wishes_now() if (slot := _slot_of(wish, form))}
    team = Team.load(form.bcu, slot=form.slot, others=wished.values(), besides=walk)
    wards = {booking.ward_id for booking in bookings if booking.ward_id}
    form.offer(
        team.suggest(form.slot, ward_ids=wards, wanted=[booking.contact.skills_wanted() for booking in bookings])
    )
    form.offer_spots(bookings, walk)
    form.spots = suggested_spots(bookings[0].borough, bookings[0].ward, form.slot) if bookings else []
    free = {wish: team.free_at(slot) for wish, slot in wished.items()}
    context = {
        "women": [_asked(booking, free) for booking in bookings],
        "walk": walk,
        "offer_wishes": walk is None,
        "choices": _other_choices(form, team) if status == REFUSED else None,
    }
    return render_form(request, template, form, status=status, bookings=bookings, **context)


def _slot_of(wish: Wish, form: WalkForm) -> Slot | None:
    try:
        start_at = london.to_instant(wish.date, wish.start)
    except london.AwkwardTime:
        return None
    return Slot(start_at=start_at, minutes=form.bcu.walk_minutes)


def _asked(booking: Booking, free: dict[Wish, FreeThen]) -> dict[str, Any]:
    wishes = [{"wish": wish, "free": free.get(wish)} for wish in booking.wishes_now()]
    return {"booking": booking, "wishes": wishes}


def _other_choices(form: WalkForm, team: Team) -> dict[str, Any]:
    """Who else is free then, and when those who were chosen are."""
    if form.slot is None:
        return {}
    chosen = set(form["officers"].value() or ())
    named = [each.officer for each in form.suggestions if str(each.officer.pk) in chosen]
    others = [each.officer for each in form.suggestions if each.is_free and each.officer not in named]
    return {"officers": others[:OTHERS_SHOWN], "times": team.times_when_free(named, form.slot) if named else []}


def _when(walk: Walk) -> str:
    return f"{london.long_date(walk.start_at)}, {london.clock(walk.start_at)}"
