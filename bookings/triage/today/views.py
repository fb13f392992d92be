"""The page with which an inspector's shift begins: what needs her now, tonight's walks and her own bookings."""

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest
from bookings.models.bookings import Booking
from bookings.models.walk_queries import known_to
from bookings.permissions import can_see_queue
from bookings.response_targets import response_target_tag
from bookings.triage.today.alerts import Alerts
from walkandtalk.lib import london
from walks.flags import walk_flags
from walks.models.walks import Walk, officers_on

MINE_SHOWN = 10


@require_safe
def today(request: OfficerRequest) -> HttpResponse:
    if not can_see_queue(request.user):
        raise PermissionDenied
    now = timezone.now()
    alerts = Alerts(request.user, now)
    decided = Walk.objects.visible_to(request.user).decided_by(request.user)
    walks = list(known_to(decided.of_day(london.today()), request.user).select_related("bcu"))
    mine = list(Booking.objects.visible_to(request.user).assigned_to(request.user)[: MINE_SHOWN + 1])
    prefetch_related_objects([*alerts.shown_walks, *walks], officers_on("assignments"))
    context = {
        "now": now,
        "bcu": request.user.bcu,
        "alerts": alerts.rows() + alerts.reviews(),
        "walks": [(walk, walk_flags(walk)) for walk in walks],
        "mine": [(booking, response_target_tag(booking, now=now)) for booking in mine[:MINE_SHOWN]],
        "has_more_of_mine": len(mine) > MINE_SHOWN,
        "dark_from": london.sunset(london.today()),
    }
    return render(request, "bookings/triage/today/today.html", context)
