"""What officers press on the evening of a walk. Each is a POST, and a row with its time and its person."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import OfficerRequest, allow_idle_session, posted_data
from bookings.models.bookings import bookings_on_walk
from bookings.on_the_day import actions
from bookings.on_the_day.forms import CutShortForm, NoShowForm
from bookings.on_the_day.walk_page import get_own_walk, get_visible_walk, run_walk_action, walk_page
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walks.models.walks import Walk
from walks.permissions import can_read_details


@allow_idle_session
@require_POST
def set_off(request: OfficerRequest, pk: UUID) -> HttpResponse:
    return run_walk_action(request, pk, actions.set_off, said="Noted: on your way. Her page says so.")


@allow_idle_session
@require_POST
def arrive(request: OfficerRequest, pk: UUID) -> HttpResponse:
    return run_walk_action(request, pk, actions.arrive, said="Noted: you are there. Her page says so.")


@allow_idle_session
@require_http_methods(["GET", "POST"])
def record_no_show(request: OfficerRequest, pk: UUID, booking_pk: UUID) -> HttpResponse:
    """“She is not here”: not before she has had ten minutes and, where she allows it, a call."""
    walk = get_own_walk(request, pk)
    booking = get_object_or_404(bookings_on_walk(walk), pk=booking_pk, walk=walk)
    form = NoShowForm(posted_data(request))
    status = None
    if form.is_valid():
        try:
            actions.record_no_show(booking, by=request.user, **form.cleaned_data)
        except ActionError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, "Noted: she was not there. If she comes after all, press “She came after all”.")
            return redirect("on_the_day:walk", pk)
    return render_form(request, "bookings/on_the_day/record_no_show.html", form, status=status, walk=walk)


@allow_idle_session
@require_POST
def record_late_arrival(request: OfficerRequest, pk: UUID, booking_pk: UUID) -> HttpResponse:
    walk = get_own_walk(request, pk)
    booking = get_object_or_404(bookings_on_walk(walk), pk=booking_pk, walk=walk)
    try:
        actions.record_late_arrival(booking, by=request.user)
    except ActionError as error:
        return walk_page(request, walk, refused=error)
    messages.success(request, "Noted: she came after all.")
    return redirect("on_the_day:walk", pk)


@allow_idle_session
@require_http_methods(["GET", "POST"])
def cut_walk_short(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """“Where is she now?” Then the walk is cut short, and she is first in line for another."""
    walk = get_own_walk(request, pk)
    if request.method != "POST" and not walk.may_be_cut_short(timezone.now()):
        return redirect("on_the_day:walk", pk)
    form = CutShortForm(posted_data(request))
    status = None
    if form.is_valid():
        try:
            actions.cut_walk_short(walk, by=request.user, **form.cleaned_data)
        except ActionError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _who_to_ring_next(walk))
            return redirect("on_the_day:walk", pk)
    return render_form(request, "bookings/on_the_day/cut_walk_short.html", form, status=status, walk=walk)


def _who_to_ring_next(walk: Walk) -> SafeString:
    text = 'The walk is cut short. Now ring <a class="govuk-notification-banner__link" href="tel:{}">{}</a>.'
    return format_html(text, walk.duty_number.replace(" ", ""), walk.duty_number)


@require_safe
def phrase(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """The phrase alone, large enough to be shown to somebody across the pavement who does not hear."""
    walk = get_visible_walk(request, pk)
    may_read = can_read_details(request.user, walk, walk.live_officers(), timezone.now())
    if walk.erased_at is not None or not may_read:
        raise PermissionDenied
    context = {"walk": walk, "idle_seconds": int(settings.STAFF_IDLE.total_seconds())}
    return render(request, "bookings/on_the_day/phrase.html", context)
