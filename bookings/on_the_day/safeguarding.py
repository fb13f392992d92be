"""An officer marks a crime or a safeguarding matter on a walk."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, allow_idle_session, posted_data
from bookings.models.bookings import bookings_on_walk
from bookings.on_the_day.walk_page import get_own_walk
from bookings.permissions import can_stop_on_walk
from bookings.read_log import record_walk_read
from bookings.triage.safeguarding import actions
from bookings.triage.safeguarding.forms import SafeguardingOnWalkForm
from bookings.triage.safeguarding.views import RING_NEXT
from walkandtalk.lib.govuk.pages import render_form


@allow_idle_session
@require_http_methods(["GET", "POST"])
def mark_safeguarding(request: OfficerRequest, pk: UUID) -> HttpResponse:
    walk = get_own_walk(request, pk)
    if not can_stop_on_walk(request.user, walk, walk.live_officers(), timezone.now()):
        raise PermissionDenied
    form = SafeguardingOnWalkForm(posted_data(request), women=list(bookings_on_walk(walk)), names=not request.is_idle)
    if form.is_valid():
        actions.mark_safeguarding_on_walk(walk, form.chosen(), by=request.user)
        number = walk.duty_number
        messages.success(request, format_html(RING_NEXT, number.replace(" ", ""), number))
        return redirect("on_the_day:walk", pk)
    if form.names_them and request.method == "GET":
        record_walk_read(form.women, walk, by=request.user)
    return render_form(request, "bookings/triage/mark_safeguarding.html", form, walk=walk, duty_number=walk.duty_number)
