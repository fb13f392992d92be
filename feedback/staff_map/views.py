"""The map of the team's open requests, walks and concerns, with the list of what it shows beside it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.models.bookings import Booking
from bookings.models.conditions import STATUS_IS_OPEN
from bookings.permissions import can_see_queue
from bookings.triage.queue.rows import get_wards
from boroughs.geography.map_points import map_file, map_file_of_unit
from boroughs.models.officers import Officer
from feedback.staff_map import rows
from feedback.staff_map.forms import MapForm
from walkandtalk.lib.counting import Tab, badge, count_each
from walks.models.walks import Walk
from walks.statuses import LIVE_STATUSES

TEMPLATES = {name: f"feedback/staff_map/{name}.html" for name in MapForm.SHOWN}
EMPTY_MESSAGES = {
    "requests": "No open requests. New ones appear here as soon as someone asks.",
    "walks": "No walks to come. Schedule one from the queue.",
    "concerns": "No open concerns. Women tell us of them after a walk.",
}


@require_safe
def team_map(request: OfficerRequest) -> HttpResponse:
    if not can_see_queue(request.user) or request.user.bcu is None:
        raise PermissionDenied
    wards = get_wards(request.user.bcu)
    form = MapForm.read(request.GET, wards=wards)
    shown = _rows(form, request.user)
    borough = form.cleaned_data["borough"]
    context = {
        "bcu": request.user.bcu,
        "form": form,
        "tabs": list(_tabs(form, request.user)),
        "rows": shown[: rows.MOST_SHOWN],
        "has_more": len(shown) > rows.MOST_SHOWN,
        "without_point": sum(not row.spot.at for row in shown),
        "nothing": EMPTY_MESSAGES[form.shown],
        "row_template": TEMPLATES[form.shown],
        "src": map_file(borough) if borough else map_file_of_unit(request.user.bcu.code),
        "boroughs": borough or " ".join(sorted({ward.borough_gss for ward in wards})),
    }
    return render(request, "feedback/staff_map/map.html", context)


def _rows(form: MapForm, user: Officer) -> list[Any]:
    now = timezone.now()
    match form.shown:
        case "walks":
            return rows.walks(form, user, now)
        case "concerns":
            return rows.concerns(form, user)
    return rows.requests(form, user, now)


def _tabs(form: MapForm, user: Officer) -> Iterator[Tab]:
    """Yield the three tabs, each with the number of open rows, whatever the filters. One query."""
    requests = Booking.objects.visible_to(user).filter(STATUS_IS_OPEN)
    walks = Walk.objects.visible_to(user).filter(status__in=LIVE_STATUSES)
    numbers = count_each(requests, walks, rows.open_concerns(user))
    area = {name: form.filters[name] for name in form.OF_AREAS if name in form.filters}
    for (name, label), number in zip(form.SHOWN.items(), numbers, strict=True):
        yield Tab(label, urlencode({"show": name, **area}), badge(number), name == form.shown)
