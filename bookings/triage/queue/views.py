"""The inspector's list: what of her BCU needs something, the soonest first."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import OfficerRequest, posted
from bookings.models.booking_queries import QUEUE_ORDER, BookingQuerySet, fetch_for_queue
from bookings.models.bookings import Booking
from bookings.models.conditions import NOBODY_HAS
from bookings.models.walk_queries import counting_questions
from bookings.notices.undelivered import Undelivered, find_undelivered, only_not_told, who_was_not_told
from bookings.permissions import can_see_queue
from bookings.triage.queue.forms import FindForm, QueueForm
from bookings.triage.queue.rows import queue_row, wards_of
from bookings.triage.queue.urgent import tonight_of
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.pages import render_form
from walkandtalk.lib.paging import Page, page_of, row_of
from walks.models.walks import Walk

SHORT_WALKS_SHOWN = 20
ALERTS_SHOWN = 20
HAD: dict[str, Callable[[Officer], list[Q]]] = {
    "": lambda _user: [],
    "mine": lambda user: [Q(taken_by=user)],
    "nobody": lambda _user: [NOBODY_HAS],
}
NOTHING = {
    "open": "No open bookings. New ones appear here as soon as somebody asks.",
    "waiting": "Nobody is waiting for an answer.",
    "scheduled": "No walks are scheduled.",
    "safeguarding": "Nothing is marked as a crime or a safeguarding matter.",
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
    now = timezone.now()
    visible = Booking.objects.visible_to(request.user)
    walks = Walk.objects.visible_to(request.user).looked_after_by(request.user)
    form = QueueForm.read(request.GET, wards=wards_of(request.user.bcu) if request.user.bcu else [])
    after = row_of(visible, form.cleaned_data["after"])
    undelivered = find_undelivered(now)
    page = _page(visible, form, request.user, after, undelivered)
    tonight = {} if after else tonight_of(request.user, now, most=ALERTS_SHOWN + 1)
    fetch_for_queue(page.rows, more_walks=tonight.get("not_ended", []))
    asked = visible.asked_with([booking.contact.email_hmac for booking in page.rows], now)
    context = {
        "form": form,
        "find": FindForm(),
        "bcu": request.user.bcu,
        "rows": [queue_row(booking, now=now, asked=asked) for booking in page.rows],
        "last": page.last,
        "is_first_page": after is None,
        "untold": [] if after else who_was_not_told(visible, now, most=ALERTS_SHOWN + 1, undelivered=undelivered),
        "alerts_shown": f":{ALERTS_SHOWN}",
        "short_walks": [] if after else counting_questions(walks.short_of_officers(now))[:SHORT_WALKS_SHOWN],
        **tonight,
        "nothing": "Nothing more." if after else _nothing(form),
    }
    return render(request, "bookings/triage/bookings.html", context)


def _page(
    visible: BookingQuerySet, form: QueueForm, user: Officer, after: Booking | None, undelivered: Undelivered
) -> Page[Booking]:
    """All filters hold together."""
    answers = form.cleaned_data
    rows = visible.filter(form.rows(), *HAD[answers["whose"]](user))
    if answers["time"]:
        rows = rows.at_time_of_day(answers["time"])
    if answers["not_told"]:
        rows = only_not_told(rows, undelivered, timezone.now())
    opened = (lambda those: those.whose_needs(form.needs_it)) if answers["needs"] else None
    return page_of(rows.for_queue_page(), by=QUEUE_ORDER, after=after, opened=opened)


def _nothing(form: QueueForm) -> str:
    return "Nothing fits all of these." if form.filters else NOTHING[form.cleaned_data["state"]]


@require_http_methods(["GET", "POST"])
def find(request: OfficerRequest) -> HttpResponse:
    """By reference. The address of the page that it leads to does not say it, and what is not hers is not there."""
    if not can_see_queue(request.user):
        raise PermissionDenied
    form = FindForm(posted(request))
    if form.is_valid():
        found = Booking.objects.visible_to(request.user).filter(reference=form.cleaned_data["reference"]).first()
        if found is not None:
            return redirect("triage:booking", found.pk)
        form.add_error("reference", f"Nothing of {request.user.bcu} has this reference. Look at it again.")
    return render_form(request, "bookings/triage/find.html", form)
