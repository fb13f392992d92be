"""An inspector asks the women on a walk about a guest, or takes a guest back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import OfficerRequest, posted_data
from bookings.lookups import get_walk_for_change
from bookings.on_the_day.walk_page import get_visible_walk, walk_page
from bookings.scheduling.guests import actions
from bookings.scheduling.guests.forms import GuestForm
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.govuk.pages import render_form
from walks.statuses import WalkStatus


@require_http_methods(["GET", "POST"])
def invite_guest(request: OfficerRequest, pk: UUID) -> HttpResponse:
    walk = get_walk_for_change(request, pk)
    if walk.status != WalkStatus.SCHEDULED and request.method != "POST":
        return redirect("on_the_day:walk", pk)
    form = GuestForm(posted_data(request), initial={"version": walk.version})
    status = None
    if form.is_valid():
        try:
            actions.invite_guest(walk, by=request.user, **form.cleaned_data)
        except ActionError as error:
            walk = get_walk_for_change(request, pk)
            form.refuse(error, version=walk.version)
            status = 409
        else:
            messages.success(request, "Asked. You are told when all of them have said yes, or one says no.")
            return redirect("on_the_day:walk", pk)
    return render_form(request, "bookings/scheduling/invite_guest.html", form, status=status, walk=walk)


@require_POST
def withdraw_guest(request: OfficerRequest, pk: UUID, guest_pk: UUID) -> HttpResponse:
    walk = get_walk_for_change(request, pk)
    try:
        actions.withdraw_guest(walk, by=request.user, guest=guest_pk)
    except ActionError as error:
        return walk_page(request, get_visible_walk(request, pk), refused=error)
    messages.success(request, "Noted: the guest does not come. Whoever had been told is told now.")
    return redirect("on_the_day:walk", pk)
