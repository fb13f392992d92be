"""What calendars fetch at a secret address. They cannot sign in: the token is the way in, and shows the walks alone."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import actions
from bookings.calendar_feed import feed_of
from bookings.models import Walk
from walkandtalk.lib.network import client_address

AN_HOUR = "3600"


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    try:
        owner = actions.open_feed(token, network=client_address(request))
    except actions.AskedTooOften:
        return HttpResponse(status=429, headers={"Retry-After": AN_HOUR})
    if owner is None:
        raise Http404
    content = feed_of(Walk.objects.visible_to(owner), now=timezone.now())
    return HttpResponse(
        content, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"}
    )
