"""A walk with its officers: made, and changed."""

from copy import copy
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_booking_for_decision, get_walk_for_change, how_requester_is_told
from bookings.models.bookings import Booking
from bookings.models.preferred_times import PreferredTime
from bookings.permissions import can_confirm_by_phone
from bookings.read_log import record_walk_read
from bookings.scheduling.adjustment_fields import AdjustmentFields
from bookings.scheduling.schedule import actions
from bookings.scheduling.schedule.forms import AddOfficerForm, ChangeForm, ChosenTimeForm, ScheduleForm, WalkForm
from bookings.statuses import Status
from bookings.triage.handover.views import show_recent_handover
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import error_summary, render_form
from walks.locks import OfficerNotAvailable
from walks.models.walks import Walk
from walks.planning.meeting_places import suggest_meeting_places
from walks.planning.suggestions import AvailableAt, Slot, Team
from walks.statuses import WalkStatus

REFUSED = 409
OTHERS_SHOWN = 4


@show_recent_handover
@require_http_methods(["GET", "POST"])
def schedule(request: OfficerRequest, pk: UUID) -> HttpResponse:
    booking = get_booking_for_decision(request, pk)
    if not booking.may_become(Status.SCHEDULED) and request.method != "POST":
        return redirect("triage:booking", pk)
    if booking.confirmed_at is None:
        return _unconfirmed_page(request, booking)
    data = posted_data(request)
    form = ScheduleForm(data, booking=booking, initial=_initial_details(request, booking) if data is None else None)
    shown, status = copy(booking), None
    if form.is_preview:
        form.as_preview()
    elif form.is_valid():
        try:
            walk = actions.schedule_booking(booking, by=request.user, **form.cleaned_data)
        except OfficerNotAvailable as error:  # nothing is said of her: what was read of her stands
            form.refuse(error, version=shown.version)
            booking, status = shown, REFUSED
        except ActionError as error:
            booking = get_booking_for_decision(request, pk)
            form.refuse(error, version=booking.version)
            if not booking.awaits_decision:
                return _conflict_page(request, form, back=reverse("triage:booking", args=[pk]))
            status = REFUSED
        else:
            done = f"Walk scheduled for {_when(walk)}. The officers are being told."
            messages.success(request, f"{done} {how_requester_is_told(booking)}")
            return redirect("triage:booking", pk)
    return _walk_form_page(request, "bookings/scheduling/schedule.html", form, [booking], status=status)


@require_http_methods(["GET", "POST"])
def change_walk(request: OfficerRequest, pk: UUID) -> HttpResponse:
    walk = get_walk_for_change(request, pk)
    if walk.status != WalkStatus.SCHEDULED and request.method != "POST":
        return redirect("on_the_day:walk", pk)
    bookings = list(walk.bookings.filter(status=Status.SCHEDULED).for_detail_page())
    if request.method == "GET":
        record_walk_read(bookings, walk, by=request.user)
    form = ChangeForm(
        posted_data(request), walk=walk, bookings=bookings, initial=_changed_details(request, walk, bookings)
    )
    status = None
    if form.is_preview:
        form.as_preview()
    elif form.is_valid():
        try:
            actions.change_walk(walk, by=request.user, **form.cleaned_data)
        except ActionError as error:
            walk = get_walk_for_change(request, pk)
            form.refuse(error, version=walk.version)
            if walk.status != WalkStatus.SCHEDULED:
                return _conflict_page(request, form, back=reverse("on_the_day:walk", args=[pk]))
            status = REFUSED
        else:
            messages.success(request, "Walk changed. Everybody it concerns is being told.")
            return redirect("on_the_day:walk", pk)
    return _walk_form_page(request, "bookings/scheduling/change_walk.html", form, bookings, walk=walk, status=status)


def _initial_details(request: OfficerRequest, booking: Booking) -> dict[str, Any]:
    """What the form suggests: the time she chose or said yes to, the place, and the ways of the BCU."""
    preferred_time = ChosenTimeForm(request.GET).chosen(booking.current_preferred_times())
    accepted = None if "preferred_time" in request.GET else booking.accepted_offer()
    if accepted is not None:
        start = london.local(accepted.start_at)
        time = {"date": start.date(), "start": start.time(), "meeting_place": accepted.place}
    else:
        time = {
            "date": preferred_time.date if preferred_time else None,
            "start": preferred_time.start if preferred_time else None,
        }
    return {
        "meeting_place": booking.contact.meeting_place,
        **time,
        "minutes": booking.team.walk_minutes,
        "map_coordinates": booking.contact.map_coordinates,
        "finish_place": "Back at the start",
        "duty_number": booking.team.duty_number,
        "version": booking.version,
        **AdjustmentFields.initial_of(booking.adjustments.all()),
    }


def _changed_details(request: OfficerRequest, walk: Walk, bookings: list[Booking]) -> dict[str, Any]:
    """The walk as it is, or at the time that she asked for instead, where she asked for another place there."""
    plan = ChangeForm.initial_of(walk, add=AddOfficerForm(request.GET).officer_id())
    if chosen := ChosenTimeForm(request.GET).chosen_of(bookings):
        booking, preferred_time = chosen
        plan |= {"date": preferred_time.date, "start": preferred_time.start}
        contact = booking.contact
        if contact.meeting_place and contact.meeting_place != contact.previous_meeting_place:
            plan["meeting_place"] = contact.meeting_place
    return plan


def _unconfirmed_page(request: OfficerRequest, booking: Booking) -> HttpResponse:
    status = REFUSED if request.method == "POST" else 200
    context = {"booking": booking, "offer_confirm_by_phone": can_confirm_by_phone(request.user, booking)}
    return render(request, "bookings/scheduling/unconfirmed.html", context, status=status)


def _conflict_page(request: OfficerRequest, form: WalkForm, *, back: str) -> HttpResponse:
    """A colleague, or she herself, has settled it: there is nothing to press here, and what was typed can be read."""
    context = {
        "form": form,
        "error_summary": error_summary(form),
        "entered_details": form.entered_details(),
        "back": back,
    }
    return render(request, "bookings/scheduling/conflict.html", context, status=REFUSED)


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
    preferred = {
        preferred_time: slot
        for booking in bookings
        for preferred_time in booking.current_preferred_times()
        if (slot := _slot_of(preferred_time, form))
    }
    team = Team.load(form.bcu, slot=form.slot, others=preferred.values(), except_walk=walk)
    wards = {booking.ward_id for booking in bookings if booking.ward_id}
    form.offer(
        team.suggest(form.slot, ward_ids=wards, wanted=[booking.contact.skills_wanted() for booking in bookings])
    )
    form.offer_meeting_places(bookings, walk)
    form.spots = suggest_meeting_places(bookings[0].borough, bookings[0].ward, form.slot) if bookings else []
    free = {preferred_time: team.count_free_at(slot) for preferred_time, slot in preferred.items()}
    context = {
        "women": [_asked(booking, free) for booking in bookings],
        "walk": walk,
        "offer_preferred_times": walk is None,
        "choices": _other_choices(form, team) if status == REFUSED else None,
    }
    return render_form(request, template, form, status=status, bookings=bookings, **context)


def _slot_of(preferred_time: PreferredTime, form: WalkForm) -> Slot | None:
    try:
        start_at = london.to_instant(preferred_time.date, preferred_time.start)
    except london.AmbiguousOrMissingTime:
        return None
    return Slot(start_at=start_at, minutes=form.bcu.walk_minutes)


def _asked(booking: Booking, free: dict[PreferredTime, AvailableAt]) -> dict[str, Any]:
    preferred_times = [
        {"preferred_time": preferred_time, "free": free.get(preferred_time)}
        for preferred_time in booking.current_preferred_times()
    ]
    return {"booking": booking, "preferred_times": preferred_times}


def _other_choices(form: WalkForm, team: Team) -> dict[str, Any]:
    """Who else is free then, and when those who were chosen are."""
    if form.slot is None:
        return {}
    chosen = set(form["officers"].value() or ())
    named = [each.officer for each in form.suggestions if str(each.officer.pk) in chosen]
    others = [each.officer for each in form.suggestions if each.is_free and each.officer not in named]
    return {"officers": others[:OTHERS_SHOWN], "times": team.other_free_times(named, form.slot) if named else []}


def _when(walk: Walk) -> str:
    return f"{london.long_date(walk.start_at)}, {london.clock(walk.start_at)}"
