"""The secret address of an officer's own calendar: made, replaced and revoked; and what calendars fetch there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from bookings import actions, links
from bookings.models import CalendarFeed
from bookings.permissions import can_see_walks
from boroughs.requests import OfficerRequest


@require_http_methods(["GET", "POST"])
def calendar_feed(request: OfficerRequest) -> HttpResponse:
    """The new address stands in the answer to the press itself: only its hash is kept."""
    if not can_see_walks(request.user):
        raise PermissionDenied
    address = links.feed_url(actions.make_feed(request.user)) if request.method == "POST" else ""
    made = CalendarFeed.objects.visible_to(request.user).first()
    return render(request, "bookings/staff/calendar_feed.html", {"feed": made, "address": address})


@require_POST
def calendar_feed_revoke(request: OfficerRequest) -> HttpResponse:
    actions.revoke_feed(request.user)
    messages.success(request, "The address opens nothing any more. Delete it from your calendar.")
    return redirect("staff:calendar_feed")
