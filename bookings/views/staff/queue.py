"""The inspector's list: what of her BCU needs something, the soonest first."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.forms.staff.queue import QueueForm
from bookings.models import Booking, Walk
from bookings.paging import page_of, row_of
from bookings.permissions import can_see_queue
from bookings.queue import queue_row
from bookings.untold import who_was_not_told
from bookings.views.staff.tonight import tonight_of
from boroughs.requests import OfficerRequest

SHORT_WALKS_SHOWN = 20
ALERTS_SHOWN = 20
NOTHING = {
    "open": "No open bookings. New ones appear here as soon as somebody asks.",
    "waiting": "Nobody is waiting for an answer.",
    "scheduled": "No walks are scheduled.",
    "asks_again": "Nobody has asked for another time and not been answered.",
    "passed": "Nobody's times have passed unanswered.",
    "not_known": "Everybody whose walk we cancelled knows.",
    "left_waiting": "Nobody has said so and not been reached.",
    "not_her": "Nobody has said so.",
}


@require_safe
def bookings(request: OfficerRequest) -> HttpResponse:
    if not can_see_queue(request.user):
        raise PermissionDenied
    form = QueueForm.read(request.GET)
    now = timezone.now()
    visible = Booking.objects.visible_to(request.user)
    after = row_of(visible, form.cleaned_data["after"])
    page = page_of(visible.filter(form.rows()).for_queue_page(), by="needed_at", after=after)
    asked = visible.asked_with([booking.contact.email_hmac for booking in page.rows], now)
    short = Walk.objects.visible_to(request.user).short_of_officers(now)
    context = {
        "form": form,
        "bcu": request.user.bcu,
        "rows": [queue_row(booking, now=now, asked=asked) for booking in page.rows],
        "last": page.last,
        "is_first_page": after is None,
        "untold": [] if after else who_was_not_told(visible, now, most=ALERTS_SHOWN + 1),
        "alerts_shown": f":{ALERTS_SHOWN}",
        "short_walks": [] if after else short[:SHORT_WALKS_SHOWN],
        **({} if after else tonight_of(request.user, now, most=ALERTS_SHOWN + 1)),
        "nothing": "Nothing more." if after else NOTHING[form.cleaned_data["state"]],
    }
    return render(request, "bookings/staff/bookings.html", context)
