"""An inspector asks the women on a walk whether one officer will do."""

import uuid as uuid_module

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from bookings import actions
from bookings.forms.staff.versions import VersionForm
from bookings.views.staff.finding import walk_to_change
from bookings.views.staff.walk_page import visible_walk, walk_page
from boroughs.requests import OfficerRequest


@require_POST
def ask_about_one(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    walk = walk_to_change(request, uuid)
    try:
        actions.ask_about_one(walk, by=request.user, version=VersionForm.read(request.POST))
    except actions.BookingError as error:
        return walk_page(request, visible_walk(request, uuid), refused=error)
    messages.success(
        request,
        "Asked. Where she has no email from us she reads it on her page: ring her if she allows it. "
        "The walk stays on your list until she says yes.",
    )
    return redirect("staff:walk", uuid)
