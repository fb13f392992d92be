"""The page that asks an inspector why she needs a requester's details, and the page that asks her to wait."""

import datetime
from collections.abc import Collection
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.requests import OfficerRequest
from accounts.sessions.unsent_forms import is_form_kept, keep_unsent_form
from bookings.decisions.flow import DecisionButton, Row
from bookings.decisions.list_address import address_in_list, list_query
from bookings.decisions.lookups import get_unopened_booking, get_walk_for_change
from bookings.decisions.pages import StaffDecision
from bookings.models.bookings import Booking, bookings_on_walk_visible_to
from bookings.models.claims import get_claim
from bookings.need_to_know import SHIFT, Paused, ReadingPaused, ReasonNeeded, record_pause
from bookings.read_log import record_reason
from bookings.statuses import ReadReason
from bookings.triage.reasons.forms import ReasonForm, name_of_page
from walkandtalk.lib.errors import ActionError
from walkandtalk.lib.reading import forget_opened
from walks.models.walks import Walk

HOUR = datetime.timedelta(hours=1)
TOO_MANY_REQUESTS = 429


def reason_page(request: OfficerRequest, needed: ReasonNeeded) -> HttpResponse:
    """Ask why she needs the details. The page shows none, and keeps what she had typed for when she has answered."""
    is_post = request.method == "POST"
    page = name_of_page(request)
    if is_post and page:
        keep_unsent_form(request, request.user)
    forget_opened()
    visible = (
        Booking.objects.visible_to(request.user)
        if needed.walk is None
        else bookings_on_walk_visible_to(request.user, needed.walk, timezone.now())
    )
    rows = visible.filter(pk__in=needed.bookings).select_related("bcu", "borough", "ward", "contact", "walk")
    bookings = list(rows.prefetch_related("preferred_times", "claim__officer").order_by("pk"))
    refused = needed.__context__ if isinstance(needed.__context__, ActionError) else None
    context = {
        "walk": needed.walk,
        "bookings": bookings,
        "answers": reason_answers(bookings),
        "offer_claim": len(bookings) == 1 and bookings[0].is_open,
        "page": page,
        "was_refused": is_post and refused is None,
        "is_form_kept": is_post and is_form_kept(request),
        "shift_hours": SHIFT // HOUR,
        "error_summary": [{"text": str(refused)}] if refused else [],
    }
    return render(request, "bookings/triage/reasons/reason.html", context, status=409 if is_post else 200)


def reason_answers(bookings: Collection[Booking]) -> list[tuple[str, str]]:
    """Return the four answers, with the words on their buttons."""
    claims = [claim for booking in bookings if (claim := get_claim(booking)) is not None]
    colleague = claims[0].officer.display_name if len(bookings) == len(claims) == 1 else "a colleague"
    return [
        (ReadReason.COVER, f"I’m covering for {colleague}"),
        (ReadReason.IN_TOUCH, "She’s in touch with us now"),
        (ReadReason.SAFETY, "Someone may be at risk"),
        (ReadReason.CHECK_WORK, "I’m checking our work"),
    ]


def paused_page(request: OfficerRequest, paused: Paused) -> HttpResponse:
    record_pause(paused, by=request.user)
    forget_opened()
    context = {"resumes_at": paused.resumes_at, "is_reading": isinstance(paused, ReadingPaused)}
    return render(request, "bookings/triage/reasons/paused.html", context, status=TOO_MANY_REQUESTS)


class ReasonButton(StaffDecision[Row], DecisionButton[Row]):
    """A button that says why an inspector needs the details, and leads to the page that she wanted to open."""

    def answer(self, bookings: list[UUID]) -> HttpResponse:
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            return self.back()
        record_reason(bookings, form.reason, by=self.request.user)
        address = form.address(pk=self.pk)
        return redirect(address + list_query(self.request)) if address else self.back()

    def refused(self, error: ActionError) -> HttpResponse:
        return self.back()


class GiveReasonButton(ReasonButton[Booking]):
    def find(self) -> Booking:
        return get_unopened_booking(self.request, self.pk)

    def back(self) -> HttpResponseRedirect:
        return redirect(address_in_list(self.request, "triage:booking", self.pk))

    def press(self, booking: Booking) -> HttpResponse:
        return self.answer([booking.pk])


class GiveReasonOnWalkButton(ReasonButton[Walk]):
    """One reason for every requester on a walk."""

    def find(self) -> Walk:
        return get_walk_for_change(self.request, self.pk)

    def back(self) -> HttpResponseRedirect:
        return redirect("on_the_day:walk", self.pk)

    def press(self, walk: Walk) -> HttpResponse:
        bookings = bookings_on_walk_visible_to(self.request.user, walk, timezone.now())
        return self.answer(list(bookings.values_list("pk", flat=True)))
