"""Pages to create, replace and revoke the address of an officer's calendar feed, and the feed itself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import OfficerRequest
from accounts.sessions.confirmation import ask_to_confirm_press
from walkandtalk.lib.network import client_address
from walks import links
from walks.feeds import actions
from walks.feeds.calendar import build_feed
from walks.models.feeds import CalendarFeed
from walks.models.walks import Walk
from walks.permissions import can_see_walks


@require_http_methods(["GET", "POST"])
@ask_to_confirm_press("walks:calendar_feed")
def calendar_feed(request: OfficerRequest) -> HttpResponse:
    """Show a new address in the response to the POST, and never again: only its hash is stored."""
    if not can_see_walks(request.user):
        raise PermissionDenied
    address = links.calendar_feed_url(actions.create_feed(request.user)) if request.method == "POST" else ""
    feed = CalendarFeed.objects.visible_to(request.user).first()
    return render(request, "walks/calendar_feed.html", {"feed": feed, "feed_address": address})


@require_POST
def revoke_calendar_feed(request: OfficerRequest) -> HttpResponse:
    actions.revoke_feed(request.user)
    messages.success(request, "Your address has stopped working. Delete it from your calendar too.")
    return redirect("walks:calendar_feed")


AN_HOUR = "3600"


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    try:
        owner = actions.get_feed_owner(token, network=client_address(request))
    except actions.FeedRateLimited:
        return HttpResponse(status=429, headers={"Retry-After": AN_HOUR})
    if owner is None:
        raise Http404
    content = build_feed(Walk.objects.visible_to(owner), now=timezone.now())
    return HttpResponse(
        content, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"}
    )
