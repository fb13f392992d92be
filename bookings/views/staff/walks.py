"""The walks, as officers see them on their phones and inspectors at their desks."""

import datetime
import itertools
import uuid as uuid_module
from dataclasses import dataclass
from typing import Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import actions
from bookings.forms.staff.queue import AfterForm
from bookings.models import DETAILS_OPEN_BEFORE, Booking, BookingQuerySet, Walk
from bookings.paging import page_of, row_of
from bookings.permissions import can_change_walk, can_read_details, can_see_walks, can_walk
from bookings.queue import Flag, flags_of_walk
from bookings.reaching import PhoneRules, phone_rules
from bookings.statuses import Status, WalkStatus
from boroughs.models import Officer
from boroughs.requests import OfficerRequest
from walkandtalk.lib import london

EVENING = 17


@require_safe
def walks(request: OfficerRequest) -> HttpResponse:
    if not can_see_walks(request.user):
        raise PermissionDenied
    visible = Walk.objects.visible_to(request.user)
    after = row_of(visible, AfterForm(request.GET).row())
    page = page_of(visible.for_officers_page(timezone.now()), by="start_at", after=after)
    coming = [walk for walk in page.rows if walk.ended_at is None]
    context = {
        "heading": _heading(request.user),
        "days": [Day(date, [_row(walk) for walk in walks]) for date, walks in itertools.groupby(coming, _date)],
        "ended": [_row(walk) for walk in page.rows if walk.ended_at is not None],
        "nothing": "No walks to come. When you are given one, it appears here and you are sent an email.",
        "last": page.last,
        "is_first_page": after is None,
    }
    return render(request, "bookings/staff/walks.html", context)


@require_safe
def walk(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    return _walk_page(request, _visible_walk(request, uuid))


@require_POST
def start(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    said = "Walk started. When everybody is where they want to be, press “Ended safely”."
    return _press(request, uuid, actions.start_walk, said=said)


@require_POST
def end(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    return _press(request, uuid, actions.end_walk, said="Walk ended safely. Thank you.")


@require_http_methods(["GET", "POST"])
def leave(request: OfficerRequest, uuid: uuid_module.UUID) -> HttpResponse:
    """“I can't make it”. The way back to the walk closes with it, so the number to ring goes along."""
    walk = _own_walk(request, uuid)
    if request.method != "POST":
        if walk.status != WalkStatus.SCHEDULED:
            return redirect("staff:walk", uuid)
        return render(request, "bookings/staff/leave.html", {"walk": walk})
    try:
        actions.leave_walk(walk, by=request.user)
    except actions.BookingError as error:
        return _walk_page(request, _visible_walk(request, uuid), refused=error)
    text = 'You are off the walk of {}, {}. Now ring <a class="govuk-notification-banner__link" href="tel:{}">{}</a>.'
    number = walk.duty_number
    day, time = london.long_date(walk.start_at), london.clock(walk.start_at)
    messages.success(request, format_html(text, day, time, number.replace(" ", ""), number))
    return redirect("staff:walks")


@require_POST
def phone(request: OfficerRequest, uuid: uuid_module.UUID, booking_uuid: uuid_module.UUID) -> HttpResponse:
    """Shown in the answer to the tap itself: a redirect would have to keep her number somewhere, and GET never acts."""
    walk = _visible_walk(request, uuid)
    if not can_read_details(request.user, walk, walk.live_officers(), timezone.now()):
        raise PermissionDenied
    booking = get_object_or_404(_women_on(walk), pk=booking_uuid)
    number = actions.read_phone(booking, by=request.user)
    return _walk_page(request, walk, numbers={booking.pk: number})


class Press(Protocol):
    def __call__(self, walk: Walk, *, by: Officer) -> None: ...


def _press(request: OfficerRequest, uuid: uuid_module.UUID, action: Press, *, said: str) -> HttpResponse:
    walk = _own_walk(request, uuid)
    try:
        action(walk, by=request.user)
    except actions.BookingError as error:
        return _walk_page(request, _visible_walk(request, uuid), refused=error)
    messages.success(request, said)
    return redirect("staff:walk", uuid)


def _visible_walk(request: OfficerRequest, uuid: uuid_module.UUID) -> Walk:
    walks = Walk.objects.visible_to(request.user).select_related("bcu").prefetch_related("assignments__officer")
    return get_object_or_404(walks, pk=uuid)


def _own_walk(request: OfficerRequest, uuid: uuid_module.UUID) -> Walk:
    walk = _visible_walk(request, uuid)
    if not can_walk(request.user, walk.live_officers()):
        raise PermissionDenied
    return walk


def _women_on(walk: Walk) -> BookingQuerySet:
    rows = walk.bookings.filter(status__in=[Status.SCHEDULED, Status.COMPLETED], forgotten_at=None)
    return rows.select_related("bcu", "contact", "walk").order_by("pk")


def _walk_page(
    request: OfficerRequest,
    walk: Walk,
    *,
    numbers: dict[uuid_module.UUID, str] | None = None,
    refused: actions.BookingError | None = None,
) -> HttpResponse:
    """Everything about one walk. What is personal is not even fetched for somebody who may not read it now."""
    user, now, officers = request.user, timezone.now(), walk.live_officers()
    shows_details = walk.forgotten_at is None and can_read_details(user, walk, officers, now)
    context = {
        "walk": walk,
        "is_today": walk.date == london.local(now).date(),
        "is_over": not walk.is_live,
        "flags": flags_of_walk(walk),
        "officers": officers,
        "shows_details": shows_details,
        "details_hidden": _details_hidden(walk, now),
        "women": [_woman(booking, numbers or {}) for booking in _women_on(walk)] if shows_details else [],
        "links_to_bookings": can_change_walk(user, walk),
        "error_summary": [{"text": str(refused)}] if refused else [],
        **_offers(user, walk, officers, now),
    }
    return render(request, "bookings/staff/walk.html", context, status=409 if refused else 200)


def _offers(user: Officer, walk: Walk, officers: list[Officer], now: datetime.datetime) -> dict[str, bool]:
    """Which buttons her page has."""
    is_on_it = can_walk(user, officers)
    return {
        "offer_start": is_on_it and walk.may_become(WalkStatus.UNDER_WAY) and walk.may_start(now),
        "offer_end": is_on_it and walk.may_become(WalkStatus.COMPLETED),
        "offer_leave": is_on_it and walk.status == WalkStatus.SCHEDULED,
        "offer_note": is_on_it and walk.started_at is not None and walk.shows_details(now),
        "offer_change": can_change_walk(user, walk) and walk.status == WalkStatus.SCHEDULED,
    }


def _details_hidden(walk: Walk, now: datetime.datetime) -> str:
    if walk.forgotten_at is not None:
        return "Details have been deleted."
    opens_at = walk.start_at - DETAILS_OPEN_BEFORE
    if now < opens_at:
        opens = f"{london.long_date(opens_at)}, {london.clock(opens_at)}"
        return f"Her name, her number, what she needs and the phrase open here 48 hours before the walk: {opens}."
    return "Her name, her number, what she needs and the phrase were closed 7 days after the walk."


@dataclass(frozen=True)
class Woman:
    booking: Booking
    rules: PhoneRules | None
    number: str


def _woman(booking: Booking, numbers: dict[uuid_module.UUID, str]) -> Woman:
    return Woman(booking, phone_rules(booking.contact), numbers.get(booking.pk, ""))


@dataclass(frozen=True)
class WalkRow:
    walk: Walk
    officers: list[Officer]
    flags: list[Flag]


def _row(walk: Walk) -> WalkRow:
    return WalkRow(walk, walk.live_officers(), flags_of_walk(walk))


@dataclass(frozen=True)
class Day:
    date: datetime.date
    rows: list[WalkRow]

    @property
    def is_today(self) -> bool:
        return self.date == london.today()

    @property
    def today(self) -> str:
        """Officers look for "tonight": a day whose every walk starts in the evening is one."""
        return "Tonight" if all(london.local(row.walk.start_at).hour >= EVENING for row in self.rows) else "Today"


def _date(walk: Walk) -> datetime.date:
    return walk.date


def _heading(user: Officer) -> str:
    return f"Walks of {user.bcu.name}" if user.role == Officer.Role.INSPECTOR and user.bcu else "My walks"
