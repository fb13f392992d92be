"""The inspector's queue: the bookings of her BCU that need something, soonest first."""

import itertools
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import OfficerRequest, posted_data
from bookings.models.booking_queries import QUEUE_ORDER, BookingQuerySet, prefetch_for_queue
from bookings.models.bookings import Booking
from bookings.models.conditions import UNCLAIMED
from bookings.models.walk_queries import with_open_question_counts
from bookings.notices.undelivered import (
    UndeliveredMessages,
    find_delivery_problems,
    latest_undelivered_messages,
    with_delivery_problems,
)
from bookings.permissions import can_see_queue
from bookings.triage.queue.forms import FindBookingForm, QueueForm
from bookings.triage.queue.rows import get_wards, queue_row
from bookings.triage.queue.search import find_by_reference
from bookings.triage.queue.urgent import get_reviews, get_urgent_items
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.paging import Page, get_cursor_row, get_page
from walks.models.walks import Walk
from walks.planning.duty_conflicts import find_duty_conflicts

SHORT_WALKS_SHOWN = 20
ALERTS_SHOWN = 20
CLAIM_FILTERS: dict[str, Callable[[Officer], list[Q]]] = {
    "": lambda _user: [],
    "mine": lambda user: [Q(claim__officer=user)],
    "nobody": lambda _user: [UNCLAIMED],
}
EMPTY_MESSAGES = {
    "open": "No open bookings. New ones appear here as soon as somebody asks.",
    "waiting": "Nobody is waiting for an answer.",
    "scheduled": "No walks are scheduled.",
    "safeguarding": "Nothing is marked as a crime or a safeguarding matter.",
    "has_open_change_request": "Nobody has asked for another time and not been answered.",
    "times_passed": "Nobody's times have passed unanswered.",
    "unacknowledged": "Everybody whose walk we cancelled knows.",
    "nobody_came": "Nobody has said so and not been reached.",
    "not_mine": "Nobody has said so.",
}


@require_safe
def queue(request: OfficerRequest) -> HttpResponse:
    if not can_see_queue(request.user):
        raise PermissionDenied
    now = timezone.now()
    visible = Booking.objects.visible_to(request.user)
    walks = Walk.objects.visible_to(request.user).decided_by(request.user)
    form = QueueForm.read(request.GET, wards=get_wards(request.user.bcu) if request.user.bcu else [])
    after = get_cursor_row(visible, form.cleaned_data["after"])
    undelivered = latest_undelivered_messages(now)
    page = _page(visible, form, request.user, after, undelivered)
    urgent_items = {} if after else get_urgent_items(request.user, now, most=ALERTS_SHOWN + 1)
    to_staff = list(with_open_question_counts(walks.short_or_with_duty_entered(now)))
    short_walks = [] if after else [walk for walk in to_staff if walk.lacks > 0][:SHORT_WALKS_SHOWN]
    prefetch_for_queue(page.rows, more_walks=[*urgent_items.get("end_overdue", []), *to_staff])
    conflicts = find_duty_conflicts(walk for walk in to_staff if walk.has_duty_entered)
    request_counts = visible.request_counts_by_email([booking.contact.email_hmac for booking in page.rows], now)
    context = {
        "form": form,
        "find": FindBookingForm(),
        "bcu": request.user.bcu,
        "rows": [
            queue_row(booking, now=now, request_counts=request_counts, conflicts=conflicts) for booking in page.rows
        ],
        "last": page.last,
        "is_first_page": after is None,
        "delivery_problem": []
        if after
        else find_delivery_problems(
            visible.known_to(request.user), now, most=ALERTS_SHOWN + 1, undelivered=undelivered
        ),
        "alerts_shown": f":{ALERTS_SHOWN}",
        "short_walks": short_walks,
        "officer_alone": [walk for walk in short_walks if walk.officer_with_requester_at is not None],
        "duty_conflicts": [] if after else list(itertools.chain(*conflicts.values()))[:SHORT_WALKS_SHOWN],
        **urgent_items,
        "reviews": [] if after else get_reviews(request.user, now)[:ALERTS_SHOWN],
        "nothing": "Nothing more." if after else _empty_message(form),
    }
    return render(request, "bookings/triage/queue.html", context)


def _page(
    visible: BookingQuerySet, form: QueueForm, user: Officer, after: Booking | None, undelivered: UndeliveredMessages
) -> Page[Booking]:
    """Return the current page of bookings that match every filter."""
    answers = form.cleaned_data
    rows = visible.filter(form.rows(), *CLAIM_FILTERS[answers["whose"]](user))
    if answers["time"]:
        rows = rows.at_time_of_day(answers["time"])
    if answers["delivery_problems"]:
        rows = with_delivery_problems(rows, undelivered, timezone.now())
    opened = (lambda bookings: bookings.with_needs(form.matches_needs)) if answers["needs"] else None
    return get_page(rows.known_to(user).for_queue_page(), by=QUEUE_ORDER, after=after, opened=opened)


def _empty_message(form: QueueForm) -> str:
    return "Nothing fits all of these." if form.filters else EMPTY_MESSAGES[form.cleaned_data["state"]]


@require_http_methods(["GET", "POST"])
def find_booking(request: OfficerRequest) -> HttpResponse:
    """Find a booking by its reference, which no URL shows. An inspector finds only bookings that she can see."""
    if not can_see_queue(request.user):
        raise PermissionDenied
    form = FindBookingForm(posted_data(request))
    if request.method == "POST" and form.is_valid():
        booking = find_by_reference(form.cleaned_data["reference"], by=request.user)
        if booking is not None:
            return redirect("triage:booking", booking.pk)
        form.add_error("reference", f"No {request.user.bcu} booking has this reference. Check it")
    return render_form(request, "bookings/triage/find_booking.html", form)
