"""The page of one walk, which every button of an officer leads back to."""

import datetime
import uuid as uuid_module
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.requests import OfficerRequest
from bookings.events import presses_of
from bookings.models.bookings import Booking, women_of, women_shown_to
from bookings.models.one_officer import OneOfficerQuestion
from bookings.models.sharing import Agreement, Guest
from bookings.models.walk_queries import PLACES_UNTIL
from bookings.notices.contact_preferences import PhoneRules, phone_rules
from bookings.on_the_day.one_officer.actions import why_not_to_ask
from bookings.permissions import can_confirm_by_phone, can_stop_on_walk
from bookings.read_log import read_women
from bookings.sharing import may_share
from bookings.statuses import GuestState, Status
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import BookingError
from walks.flags import flags_of_walk
from walks.models.walks import DETAILS_OPEN_BEFORE, Walk, WalkQuerySet
from walks.permissions import can_change_walk, can_read_details, can_walk
from walks.planning.suggestions import Slot, Suggestion, Team
from walks.statuses import WalkStatus

REPLACEMENTS_SHOWN = 3


@dataclass(frozen=True)
class Woman:
    booking: Booking
    rules: PhoneRules | None
    number: str
    was_not_there: bool
    may_be_given_up: bool
    may_come_after_all: bool
    others_may_join: str
    """What she said of it, for her inspector. Officers need not know who said no."""


class Press(Protocol):
    def __call__(self, walk: Walk, *, by: Officer) -> None: ...


def press(request: OfficerRequest, uuid: uuid_module.UUID, action: Press, *, said: str) -> HttpResponse:
    walk = own_walk(request, uuid)
    try:
        action(walk, by=request.user)
    except BookingError as error:
        return walk_page(request, visible_walk(request, uuid), refused=error)
    messages.success(request, said)
    return redirect("on_the_day:walk", uuid)


def visible_walks(request: OfficerRequest) -> WalkQuerySet:
    """On a phone that has lain still, those alone that she may have to press for now."""
    visible = Walk.objects.visible_to(request.user)
    return visible.with_buttons_for(request.user, timezone.now()) if request.is_idle else visible


def visible_walk(request: OfficerRequest, uuid: uuid_module.UUID) -> Walk:
    walks = visible_walks(request).select_related("bcu").prefetch_related("assignments__officer")
    return get_object_or_404(walks, pk=uuid)


def own_walk(request: OfficerRequest, uuid: uuid_module.UUID) -> Walk:
    walk = visible_walk(request, uuid)
    if not can_walk(request.user, walk.live_officers()):
        raise PermissionDenied
    return walk


def walk_page(
    request: OfficerRequest,
    walk: Walk,
    *,
    numbers: dict[uuid_module.UUID, str] | None = None,
    refused: BookingError | None = None,
) -> HttpResponse:
    """Everything about one walk. What is personal is not even fetched for somebody who may not read it now."""
    user, now, officers = request.user, timezone.now(), walk.live_officers()
    may_read = walk.forgotten_at is None and can_read_details(user, walk, officers, now)
    shows_details = may_read and not request.is_idle
    women = _women(user, walk, now, numbers or {}) if may_read else []
    if shows_details and request.method != "HEAD":
        read_women([woman.booking for woman in women], walk, by=user)
    context = {
        "walk": walk,
        "is_today": walk.date == london.local(now).date(),
        "is_over": not walk.is_live,
        "flags": flags_of_walk(walk),
        "officers": officers,
        "shows_details": shows_details,
        "is_idle": request.is_idle,
        "idle_seconds": int(settings.STAFF_IDLE.total_seconds()),
        "details_hidden": "" if may_read else _details_hidden(walk, now),
        "women": women if shows_details else [],
        "guests": _guests(user, walk) if shows_details else [],
        "may_be_given_up": _may_be_given_up(women, is_idle=request.is_idle) if can_walk(user, officers) else [],
        "presses": presses_of(walk),
        "replacements": _replacements(user, walk, officers),
        "why_not_ask": _why_not_ask(user, walk),
        "asked_about_one": _asked_about_one(user, walk),
        "links_to_bookings": can_change_walk(user, walk),
        "error_summary": [{"text": str(refused)}] if refused else [],
        **_offers(user, walk, officers, now),
    }
    return render(request, "bookings/on_the_day/walk.html", context, status=409 if refused else 200)


def _offers(user: Officer, walk: Walk, officers: list[Officer], now: datetime.datetime) -> dict[str, bool]:
    """Which buttons her page has."""
    is_on_it = can_walk(user, officers)
    is_coming = is_on_it and walk.status == WalkStatus.SCHEDULED
    has_started, looks_after = walk.started_at is not None, can_change_walk(user, walk)
    may_note = has_started and is_on_it and walk.shows_details(now)
    may_start = is_coming and walk.may_start(now)
    return {
        "is_on_it": is_on_it,
        "offer_set_off": may_start and walk.set_off_at is None and walk.arrived_at is None,
        "offer_arrive": may_start and walk.set_off_at is not None and walk.arrived_at is None,
        "offer_start": may_start,
        "start_is_next": walk.arrived_at is not None or walk.start_at <= now,
        "offer_end": is_on_it and walk.status == WalkStatus.UNDER_WAY,
        "offer_stop": can_stop_on_walk(user, walk, officers, now),
        "offer_called_away": is_on_it and walk.may_be_cut_short(now),
        "offer_leave": is_coming,
        "offer_note": may_note,
        "offer_walk_note": may_note or (has_started and looks_after and walk.forgotten_at is None),
        "offer_change": looks_after and walk.status == WalkStatus.SCHEDULED,
        "offer_briefing": walk.handler_id is None and walk.is_live and can_read_details(user, walk, officers, now),
        "offer_guest": looks_after and _may_be_shared(walk, now),
        "offer_ask_company": _may_ask_company(user, walk, now),
    }


def _may_ask_company(user: Officer, walk: Walk, now: datetime.datetime) -> bool:
    if not can_change_walk(user, walk) or not _may_be_shared(walk, now):
        return False
    asked = walk.agreements.filter(guest=None).values("booking")
    return walk.bookings.filter(status=Status.SCHEDULED).exclude(pk__in=asked).exists()


def _may_be_shared(walk: Walk, now: datetime.datetime) -> bool:
    """Is there time to ask, and nobody on it who is kept apart?"""
    if walk.status != WalkStatus.SCHEDULED or walk.handler_id is not None or walk.start_at < now + PLACES_UNTIL:
        return False
    women = list(walk.bookings.filter(status=Status.SCHEDULED))
    return bool(women) and all(map(may_share, women))


def _guests(user: Officer, walk: Walk) -> list[Guest]:
    """Officers see who comes. Her inspector sees as well who was asked, and what became of it."""
    guests = list(walk.guests.all())
    return guests if can_change_walk(user, walk) else [each for each in guests if each.state == GuestState.COMING]


def _replacements(user: Officer, walk: Walk, officers: list[Officer]) -> list[Suggestion] | None:
    """Who could take the place that is free, the best first. None where no place is free, or she cannot give it."""
    if not can_change_walk(user, walk) or walk.status != WalkStatus.SCHEDULED or not walk.is_short:
        return None
    slot = Slot(start_at=walk.start_at, minutes=walk.minutes)
    women = [woman for woman in women_of(walk) if woman.status == Status.SCHEDULED]
    team = Team.load(walk.bcu, slot=slot, besides=walk)
    found = team.suggest(
        slot,
        ward_ids={woman.ward_id for woman in women if woman.ward_id},
        wanted=[woman.contact.skills_wanted() for woman in women],
    )
    not_her = walk.said_no() | {officer.pk for officer in officers}
    return [each for each in found if each.is_free and each.officer.pk not in not_her][:REPLACEMENTS_SHOWN]


def _why_not_ask(user: Officer, walk: Walk) -> str:
    """Why nobody is asked whether one officer will do, to whoever may ask it. Empty where she may."""
    if not (can_change_walk(user, walk) and walk.is_short):
        return ""
    return why_not_to_ask(walk, [woman for woman in women_of(walk) if woman.status == Status.SCHEDULED])


def _asked_about_one(user: Officer, walk: Walk) -> list[OneOfficerQuestion]:
    """Who has not answered whether one officer will do, and may be rung about it by whoever looks."""
    if not (can_change_walk(user, walk) and walk.is_short):
        return []
    asked = walk.one_officer_questions.open().select_related("booking__contact", "booking__bcu")
    return [question for question in asked.order_by("pk") if can_confirm_by_phone(user, question.booking)]


def _may_be_given_up(women: list[Woman], *, is_idle: bool) -> list[tuple[str, Booking]]:
    """A button for each woman who is not there. No name is on it where it is hidden, so then there is one or none."""
    missing = [woman.booking for woman in women if woman.may_be_given_up]
    if len(women) == 1:
        return [("She is not here", booking) for booking in missing]
    return [] if is_idle else [(f"Not here: {booking.contact.name}", booking) for booking in missing]


def _details_hidden(walk: Walk, now: datetime.datetime) -> str:
    if walk.forgotten_at is not None:
        return "Details have been deleted."
    opens_at = walk.start_at - DETAILS_OPEN_BEFORE
    if now < opens_at:
        opens = f"{london.long_date(opens_at)}, {london.clock(opens_at)}"
        return f"Her name, her number, what she needs and the phrase open here 48 hours before the walk: {opens}."
    return "Her name, her number, what she needs and the phrase were closed 7 days after the walk."


def _women(user: Officer, walk: Walk, now: datetime.datetime, numbers: dict[uuid_module.UUID, str]) -> list[Woman]:
    tells, women = can_change_walk(user, walk), women_shown_to(user, walk, now)
    said = {each.booking_id: _word(each) for each in walk.agreements.filter(guest=None)} if tells else {}
    return [_woman(each, walk, now, numbers.get(each.pk, ""), said.get(each.pk, "")) for each in women]


def _word(agreement: Agreement) -> str:
    return agreement.get_answer_display() or "Asked, no answer yet"


def _woman(booking: Booking, walk: Walk, now: datetime.datetime, number: str, word: str) -> Woman:
    return Woman(
        booking=booking,
        rules=phone_rules(booking.contact),
        number=number,
        was_not_there=booking.status == Status.MISSED_BY_HER,
        may_be_given_up=booking.status == Status.SCHEDULED and walk.is_live and walk.may_be_given_up(now),
        may_come_after_all=booking.may_come_after_all(now),
        others_may_join=word if booking.status == Status.SCHEDULED else "",
    )
