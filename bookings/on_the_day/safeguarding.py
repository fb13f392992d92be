"""An officer marks a crime or a safeguarding matter on a walk."""

import uuid as uuid_module

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted, works_idle
from bookings.models.bookings import women_of
from bookings.on_the_day.walk_page import own_walk
from bookings.permissions import can_stop_on_walk
from bookings.read_log import read_women
from bookings.triage.safeguarding import actions as safeguarding_actions
from bookings.triage.safeguarding.forms import StopOnWalkForm
from bookings.triage.safeguarding.views import NOW_RING
from walkandtalk.lib.govuk.pages import render_form


@works_idle
@require_http_methods(["GET", "POST"])
def stop_on_walk(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    walk = own_walk(request, uuid)
    if not can_stop_on_walk(request.user, walk, walk.live_officers(), timezone.now()):
        raise PermissionDenied
    form = StopOnWalkForm(posted(request), women=list(women_of(walk)), names=not request.is_idle)
    if form.is_valid():
        safeguarding_actions.stop_on_walk(walk, form.chosen(), by=request.user)
        number = walk.duty_number
        messages.success(request, format_html(NOW_RING, number.replace(" ", ""), number))
        return redirect("on_the_day:walk", uuid)
    if form.names_them and request.method == "GET":
        read_women(form.women, walk, by=request.user)
    return render_form(request, "bookings/triage/stop.html", form, walk=walk, duty_number=walk.duty_number)
