"""The inspector's queue: the bookings of her BCU that need something, soonest first."""

import hashlib
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accounts.requests import OfficerRequest, in_background
from bookings.models.booking_queries import QUEUE_ORDER, prefetch_for_queue
from bookings.models.bookings import Booking
from bookings.notices.undelivered import UndeliveredMessages, latest_undelivered_messages
from bookings.permissions import can_see_queue
from bookings.triage.queue.forms import KnownForm, QueueForm
from bookings.triage.queue.listing import listed_bookings, only_hers, opened_by_needs
from bookings.triage.queue.news import MARGIN, Known, find_news
from bookings.triage.queue.rows import get_wards, queue_row
from bookings.triage.today.alerts import Alerts
from boroughs.models.officers import Officer
from walkandtalk.lib.counting import Tab, badge, count_each
from walkandtalk.lib.paging import Page, get_cursor_row, get_page

ALERTS_SHOWN = 3

EMPTY_MESSAGES = {
    "ready": "No requests are waiting for a walk. A new one appears here as soon as its requester confirms it.",
    "unconfirmed": "Every request has been confirmed.",
    "mine": "No booking is assigned to you. Assign one to yourself under “Unassigned”.",
    "unassigned": "Every open booking is assigned to someone.",
    "scheduled": "No walks are scheduled.",
    "problems": "No problems.",
    "open": "No open bookings. New ones appear here as soon as someone asks.",
    "safeguarding": "Nothing is marked as a crime or a safeguarding matter.",
    "has_open_change_request": "Every request for another time has been answered.",
    "times_passed": "No open request has run out of times.",
    "unacknowledged": "Everyone whose walk we cancelled knows.",
    "nobody_came": "Everyone who said that nobody came has been contacted.",
    "not_mine": "Nobody has said that a request isn’t hers.",
}


@require_safe
def queue(request: OfficerRequest) -> HttpResponse:
    if not can_see_queue(request.user):
        raise PermissionDenied
    now = timezone.now()
    visible = Booking.objects.visible_to(request.user)
    form = QueueForm.read(request.GET, wards=get_wards(request.user.bcu) if request.user.bcu else [])
    after = get_cursor_row(visible, form.cleaned_data["after"])
    undelivered = latest_undelivered_messages(now)
    page = _page(form, request.user, after, undelivered)
    alerts = Alerts(request.user, now)
    prefetch_for_queue(page.rows, more_walks=alerts.shown_walks)
    problems = alerts.rows(undelivered)
    urgent = [] if after else [alert for alert in problems if alert.is_now]
    context = {
        "form": form,
        "bcu": request.user.bcu,
        "now": now,
        "tabs": list(_tabs(request.user, form, problems=len(problems))),
        "kinds": form.PROBLEMS.items(),
        "rows": [
            queue_row(
                booking,
                user=request.user,
                now=now,
                request_count=booking.request_count,
                conflicts=alerts.conflicts,
            )
            for booking in page.rows
        ],
        "last": page.last,
        "known": Known(now - MARGIN, [booking.pk for booking in page.rows]),
        "is_first_page": after is None,
        "alerts": problems if form.state_now == "problems" else urgent[:ALERTS_SHOWN],
        "more_alerts": len(urgent[ALERTS_SHOWN:]),
        "nothing": "Nothing more." if after else EMPTY_MESSAGES[form.state_now],
    }
    return render(request, "bookings/triage/queue.html", context)


def _tabs(user: Officer, form: QueueForm, *, problems: int) -> Iterator[Tab]:
    """Yield the tabs with the number of bookings on each, whatever the filters. One query."""
    states = dict.fromkeys([*form.TABS, form.state_now])  # a kind of problem has a tab while it is shown
    visible = Booking.objects.visible_to(user)
    lists = [visible.filter(form.STATES[state][1], only_hers(state, user)) for state in states]
    numbers = count_each(*lists)
    for state, counted in zip(states, numbers, strict=True):
        number = problems if state == "problems" else counted
        yield Tab(form.STATES[state][0], form.address_of(state), badge(number), state == form.state_now)


def _page(form: QueueForm, user: Officer, after: Booking | None, undelivered: UndeliveredMessages) -> Page[Booking]:
    """Return the current page of bookings that match every filter."""
    rows = listed_bookings(form, user, undelivered).known_to(user).with_request_counts(user, timezone.now())
    opened = opened_by_needs(form)
    return get_page(rows.for_queue_page(), by=QUEUE_ORDER, after=after, opened=opened)


@in_background
@require_safe
def queue_news(request: OfficerRequest) -> HttpResponse:
    """Answer an open queue every few seconds (static/queue-news.js): what is new, or 304."""
    if not can_see_queue(request.user):
        raise PermissionDenied
    visible = Booking.objects.visible_to(request.user)
    form = QueueForm.read(request.GET, wards=get_wards(request.user.bcu) if request.user.bcu else [])
    # Nobody is late in telling a requester who has only just asked.
    none_yet = form.cleaned_data["delivery_problems"]
    news = find_news(
        request.user,
        KnownForm.read(request.GET, now=timezone.now()),
        visible=visible,
        listed=visible.none() if none_yet else listed_bookings(form, request.user),
        fits=form.matches_needs if form.cleaned_data["needs"] else None,
    )
    response = JsonResponse(news)
    etag = quote_etag(hashlib.sha256(response.content).hexdigest())
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
