"""The search for bookings, in the bar of every staff page."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.requests import OfficerRequest, posted_data
from bookings.models.booking_queries import prefetch_for_queue
from bookings.models.bookings import Booking
from bookings.permissions import can_see_queue
from bookings.triage.queue.rows import QueueRow, queue_row
from bookings.triage.search.actions import search_bookings
from bookings.triage.search.forms import BookingSearchForm
from bookings.triage.search.hits import Found, Hits, find
from bookings.triage.search.kept_words import keep_words, read_words
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.pages import render_form
from walks.planning.duty_conflicts import find_duty_conflicts


@require_http_methods(["GET", "POST"])
def find_booking(request: OfficerRequest) -> HttpResponse:
    """Search by POST, then show the results at an address that says nothing of them.

    Coming back to the results shows what the same words fit now. It is no new search.
    """
    if not can_see_queue(request.user):
        raise PermissionDenied
    form = BookingSearchForm(posted_data(request))
    if request.method == "POST" and form.is_valid():
        found = search_bookings(form.cleaned_data["words"], by=request.user)
        if isinstance(found, Booking):
            return redirect("triage:booking", found.pk)
        keep_words(request, form.cleaned_data["words"], of=request.user)
        return redirect("triage:find_booking")
    words = read_words(request, of=request.user) if request.method == "GET" else ""
    if words:
        form = BookingSearchForm(initial={"words": words})
    lists = _shown(find(words, by=request.user), request.user) if words else []
    number = sum(len(each.rows) for each in lists)
    return render_form(request, "bookings/triage/search.html", form, lists=lists, words=words, number=number)


@dataclass(frozen=True)
class ShownHits:
    hits: Hits
    rows: list[QueueRow]


def _shown(found: Found, user: Officer) -> list[ShownHits]:
    """Return the lists with rows, as the queue shows them: a name only if it is hers to know."""
    now = timezone.now()
    known = Booking.objects.visible_to(user).filter(pk__in=found.bookings).known_to(user)
    bookings = list(known.with_request_counts(user, now).for_queue_page())
    prefetch_for_queue(bookings, more_walks=[])
    conflicts = find_duty_conflicts([booking.walk for booking in bookings if booking.walk is not None])
    rows = {
        booking.pk: queue_row(booking, user=user, now=now, request_count=booking.request_count, conflicts=conflicts)
        for booking in bookings
    }
    shown = [ShownHits(hits, [rows[pk] for pk in hits.shown if pk in rows]) for hits in found.lists]
    return [each for each in shown if each.rows]
