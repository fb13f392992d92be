"""Where a walk begins, on our own map."""

import uuid as uuid_module

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.views.spot import on_map
from bookings.views.staff.walk_page import visible_walk
from boroughs.pins import MIDDLE_OF_LONDON
from boroughs.requests import OfficerRequest


@require_safe
def walk_map(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    walk = visible_walk(request, uuid)
    if walk.forgotten_at is not None:
        raise Http404
    booking = walk.bookings.select_related("borough").order_by("pk").first()
    borough = booking.borough if booking else walk.bcu.boroughs.order_by("name").first()
    gss = borough.gss if borough else MIDDLE_OF_LONDON
    return render(request, "bookings/staff/walk_map.html", on_map(walk, borough_gss=gss))
