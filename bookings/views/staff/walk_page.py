"""The page of one walk, which every button of an officer leads back to."""

import datetime
import uuid as uuid_module
from dataclasses import dataclass
from typing import Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from bookings import actions
from bookings.models import DETAILS_OPEN_BEFORE, Booking, BookingQuerySet, Walk
from bookings.permissions import can_change_walk, can_read_details, can_walk
from bookings.queue import flags_of_walk
from bookings.reaching import PhoneRules, phone_rules
from bookings.statuses import Status, WalkStatus
from boroughs.models import Officer
from boroughs.requests import OfficerRequest
from walkandtalk.lib import london


class Press(Protocol):
    def __call__(self, walk: Walk, *, by: Officer) -> None: ...


def press(request: OfficerRequest, uuid: uuid_module.UUID, action: Press, *, said: str) -> HttpResponse:
    walk = own_walk(request, uuid)
    try:
        action(walk, by=request.user)
    except actions.BookingError as error:
        return walk_page(request, visible_walk(request, uuid), refused=error)
    messages.success(request, said)
    return redirect("staff:walk", uuid)


def visible_walk(request: OfficerRequest, uuid: uuid_module.UUID) -> Walk:
    walks = Walk.objects.visible_to(request.user).select_related("bcu").prefetch_related("assignments__officer")
    return get_object_or_404(walks, pk=uuid)


def own_walk(request: OfficerRequest, uuid: uuid_module.UUID) -> Walk:
    walk = visible_walk(request, uuid)
    if not can_walk(request.user, walk.live_officers()):
        raise PermissionDenied
    return walk


def women_on(walk: Walk) -> BookingQuerySet:
    rows = walk.bookings.filter(status__in=[Status.SCHEDULED, Status.COMPLETED], forgotten_at=None)
    return rows.select_related("bcu", "contact", "walk").prefetch_related("arrangements").order_by("pk")


def walk_page(
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
        "women": [_woman(booking, numbers or {}) for booking in women_on(walk)] if shows_details else [],
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
