"""The walk page. Every officer button returns to it."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.requests import OfficerRequest, allow_idle_session
from bookings.decisions.flow import DecisionButton, DecisionPage, Form, Row
from bookings.decisions.pages import OnWalk, WalkDecision
from bookings.events import get_walk_progress
from bookings.models.bookings import (
    Booking,
    bookings_on_walk,
    bookings_on_walk_visible_to,
    bookings_on_walk_with_visibility,
)
from bookings.models.one_officer import OneOfficerQuestion
from bookings.models.sharing import Guest, SharingConsent
from bookings.models.team_messages import TeamMessage, team_messages_on_walk
from bookings.models.walk_queries import PLACE_OFFER_NOTICE
from bookings.notices.contact_preferences import PhoneRules, phone_rules
from bookings.on_the_day.one_officer.actions import reason_not_to_ask_about_one_officer
from bookings.on_the_day.steps import describe_moment, get_steps, get_undo, step_buttons
from bookings.permissions import (
    can_confirm_by_phone,
    can_mark_safeguarding_on_walk,
    can_read_team_messages_on_walk,
    can_share_walk,
    may_arrive_late,
)
from bookings.read_log import open_walk
from bookings.statuses import GuestState, Status
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError
from walks.flags import UNDER_WAY
from walks.models.takeovers import Takeover
from walks.models.walks import DETAILS_OPEN_BEFORE, Walk, WalkQuerySet
from walks.permissions import can_change_walk, can_read_details, can_use_walk_actions
from walks.planning.duty_conflicts import find_duty_conflicts, flags_with_conflicts
from walks.planning.suggestions import Slot, Suggestion, Team
from walks.statuses import WalkStatus

REPLACEMENTS_SHOWN = 3
EVENING = 17
"""The hour from which a walk of today is “tonight”, because officers look for that word."""
Consents = dict[UUID, str]
"""Each requester's answer about other women, by booking. A requester who was not asked is not in it."""
STEPS_SHOWN = frozenset({WalkStatus.SCHEDULED, WalkStatus.UNDER_WAY, WalkStatus.COMPLETED})


@dataclass(frozen=True)
class WalkRequester:
    booking: Booking
    number: str
    was_absent: bool
    may_be_recorded_absent: bool
    may_arrive_late: bool
    team_messages: list[TeamMessage]
    """The messages that she wrote to the team on her page, for officers near the time of the walk."""
    sharing_consent_text: str
    """The requester's answer, shown only to the inspector. Officers need not know who refused."""

    @property
    def rules(self) -> PhoneRules | None:
        return phone_rules(self.booking.contact)


def get_visible_walks(request: OfficerRequest) -> WalkQuerySet:
    """Return the walks that the user can see. In an idle session, return only those with actions open to her now."""
    visible = Walk.objects.visible_to(request.user)
    return visible.with_actions_open_to(request.user, timezone.now()) if request.is_idle else visible


def get_visible_walk(request: OfficerRequest, pk: UUID) -> Walk:
    return get_object_or_404(get_visible_walks(request).with_bcu_and_officers(), pk=pk)


def get_own_walk(request: OfficerRequest, pk: UUID) -> Walk:
    walk = get_visible_walk(request, pk)
    if not can_use_walk_actions(request.user, walk.live_officers()):
        raise PermissionDenied
    return walk


def open_place_and_phrase(walk: Walk, *, by: Officer) -> None:
    """Say that the response shows the place or the phrase of a walk, by which its requesters can be found."""
    is_on_walk = by in walk.live_officers()
    requesters = [] if is_on_walk else list(bookings_on_walk_visible_to(by, walk, timezone.now()))
    open_walk(walk, requesters, by=by)


class ButtonOnWalk(OnWalk[Row], DecisionButton[Row]):
    """A button on the walk page. If the action is refused, the page shows the reason and the current walk."""

    def refused(self, error: ActionError) -> HttpResponse:
        return walk_page(self.request, get_visible_walk(self.request, self.pk), refused=error)


class WalkButton(WalkDecision, ButtonOnWalk[Walk]):
    """A button for the inspector in charge of the walk."""


@method_decorator(allow_idle_session, name="dispatch")
class OfficerDecision(OnWalk[Row]):
    """A decision by an officer on the walk, allowed even in an idle session."""

    def get_own_walk(self) -> Walk:
        return get_own_walk(self.request, self.pk)

    def get_own_booking(self) -> Booking:
        """Return the booking in the URL. Raise Http404 if it is not on this walk."""
        walk = self.get_own_walk()
        return get_object_or_404(bookings_on_walk(walk), pk=self.kwargs["booking_pk"], walk=walk)


class OfficerButton(OfficerDecision[Walk], ButtonOnWalk[Walk]):
    def find(self) -> Walk:
        return self.get_own_walk()


class OfficerPage(OfficerDecision[Walk], DecisionPage[Walk, Form]):
    def find(self) -> Walk:
        return self.get_own_walk()

    def context(self, walk: Walk, form: Form) -> dict[str, Any]:
        return {"walk": walk}


def walk_page(
    request: OfficerRequest,
    walk: Walk,
    *,
    numbers: dict[UUID, str] | None = None,
    refused: ActionError | None = None,
) -> HttpResponse:
    """Show the walk. Fetch personal details only for a user who may read them now."""
    user, now, officers = request.user, timezone.now(), walk.live_officers()
    may_read = walk.erased_at is None and can_read_details(user, walk, officers, now)
    are_details_visible = may_read and not request.is_idle
    on_walk = _bookings_on_walk(user, walk, now, may_read=may_read)
    consents = _sharing_consents(user, walk)
    requesters = _walk_requesters(user, walk, on_walk, now, numbers or {}, consents) if may_read else []
    frozen = [_walk_requester(booking, walk, now, "", "", []) for booking in on_walk if booking.frozen_at is not None]
    open_walk(walk, [requester.booking for requester in requesters] if are_details_visible else [], by=user)
    conflicts = find_duty_conflicts([walk]) if can_change_walk(user, walk) else {}
    scheduled = [booking for booking in on_walk if booking.status == Status.SCHEDULED]
    progress, offers = get_walk_progress(walk), _available_actions(user, walk, officers, now)
    offers |= _sharing_actions(user, walk, scheduled, consents, now)
    shows_steps = walk.may_start(now) and walk.status in STEPS_SHOWN and not (walk.is_live and walk.is_short)
    context = {
        "walk": walk,
        "day": _day(walk, now),
        "moment": describe_moment(walk, now),
        "steps": get_steps(walk) if shows_steps else [],
        "buttons": step_buttons(offers),
        "undo": get_undo(walk, progress, now) if offers["is_on_it"] else None,
        "is_over": not walk.is_live,
        # Beside the time it says already that the walk is under way.
        "flags": [flag for flag in flags_with_conflicts(walk, conflicts) if flag != UNDER_WAY],
        "duty_conflicts": conflicts.get(walk.pk, []),
        "officers": officers,
        "are_details_visible": are_details_visible,
        "is_idle": request.is_idle,
        "idle_seconds": int(settings.STAFF_IDLE.total_seconds()),
        "details_hidden": "" if may_read else _details_hidden(walk, now),
        "women": requesters if are_details_visible else [],
        "guests": _guests(user, walk) if are_details_visible else [],
        "under_review": frozen,
        "may_be_recorded_absent": _no_show_buttons([*requesters, *frozen], is_idle=request.is_idle)
        if can_use_walk_actions(user, officers)
        else [],
        "walk_progress": progress,
        "replacements": _replacements(user, walk, officers, scheduled),
        "takeovers": list(Takeover.objects.visible_to(user).open(now).filter(walk=walk).select_related("colleague")),
        "reason_not_to_ask": _reason_not_to_ask(user, walk, scheduled),
        "one_officer_question": _open_one_officer_questions(user, walk),
        "may_open_bookings": can_change_walk(user, walk),
        "error_summary": [{"text": str(refused)}] if refused else [],
        **offers,
    }
    return render(request, "bookings/on_the_day/walk.html", context, status=409 if refused else 200)


def _available_actions(user: Officer, walk: Walk, officers: list[Officer], now: datetime.datetime) -> dict[str, bool]:
    """Return which buttons and links the page shows to this user."""
    is_on_it = can_use_walk_actions(user, officers)
    is_coming = is_on_it and walk.status == WalkStatus.SCHEDULED
    has_started, is_in_charge = walk.started_at is not None, can_change_walk(user, walk)
    may_note = has_started and is_on_it and walk.are_details_visible(now)
    may_start = is_coming and walk.may_start(now) and not walk.is_short
    may_stay = is_on_it and walk.may_be_kept_company(now)
    return {
        "is_on_it": is_on_it,
        "offer_set_off": may_start and walk.set_off_at is None and walk.arrived_at is None,
        "offer_arrive": may_start and walk.set_off_at is not None and walk.arrived_at is None,
        "offer_start": may_start,
        "start_is_next": walk.arrived_at is not None or walk.start_at <= now,
        "offer_wait": may_stay and walk.officer_with_requester_at is None,
        "offer_escort": may_stay and walk.escort_began_at is None,
        "offer_end": is_on_it and walk.may_be_ended,
        "offer_safeguarding": can_mark_safeguarding_on_walk(user, walk, officers, now),
        "offer_cut_short": is_on_it and walk.may_be_cut_short(now),
        "offer_withdraw_from_walk": is_coming,
        "offer_ask_colleague": is_coming and not walk.may_start(now) and not walk.is_short,
        "offer_note": may_note,
        "offer_walk_note": may_note or (has_started and is_in_charge and walk.erased_at is None),
        "offer_change": is_in_charge and walk.status == WalkStatus.SCHEDULED,
        "offer_briefing": walk.nominated_inspector_id is None
        and walk.is_live
        and can_read_details(user, walk, officers, now),
    }


def _sharing_actions(
    user: Officer, walk: Walk, scheduled: list[Booking], consents: Consents, now: datetime.datetime
) -> dict[str, bool]:
    may_share = can_change_walk(user, walk) and _can_be_shared(walk, scheduled, now)
    is_someone_unasked = any(booking.pk not in consents for booking in scheduled)
    return {"offer_guest": may_share, "offer_ask_to_share_walk": may_share and is_someone_unasked}


def _can_be_shared(walk: Walk, scheduled: list[Booking], now: datetime.datetime) -> bool:
    """Return whether every requester may share a walk, and there is time to ask them."""
    if (
        walk.status != WalkStatus.SCHEDULED
        or walk.nominated_inspector_id is not None
        or walk.start_at < now + PLACE_OFFER_NOTICE
    ):
        return False
    return bool(scheduled) and all(map(can_share_walk, scheduled))


def _guests(user: Officer, walk: Walk) -> list[Guest]:
    """Return the guests who are coming. The inspector also sees guests awaiting answers, refused or withdrawn."""
    guests = list(walk.guests.all())
    return guests if can_change_walk(user, walk) else [guest for guest in guests if guest.state == GuestState.COMING]


def _replacements(
    user: Officer, walk: Walk, officers: list[Officer], scheduled: list[Booking]
) -> list[Suggestion] | None:
    """Return free officers who could fill the gap, best matches first, or None if the user cannot fill it now."""
    if not can_change_walk(user, walk) or walk.status != WalkStatus.SCHEDULED or not walk.is_short:
        return None
    slot = Slot(start_at=walk.start_at, minutes=walk.minutes)
    team = Team.load(walk.bcu, slot=slot, except_walk=walk)
    suggestions = team.suggest(
        slot,
        ward_ids={booking.ward_id for booking in scheduled if booking.ward_id},
        wanted=[booking.contact.skills_wanted() for booking in scheduled],
    )
    unavailable = walk.unavailable_officer_ids() | {officer.pk for officer in officers}
    available = (option for option in suggestions if option.is_free and option.officer.pk not in unavailable)
    return list(available)[:REPLACEMENTS_SHOWN]


def _reason_not_to_ask(user: Officer, walk: Walk, scheduled: list[Booking]) -> str:
    """Return why the inspector cannot ask about one officer now. Return "" if she can, or need not."""
    if not (can_change_walk(user, walk) and walk.is_short):
        return ""
    return reason_not_to_ask_about_one_officer(walk, scheduled)


def _open_one_officer_questions(user: Officer, walk: Walk) -> list[OneOfficerQuestion]:
    """Return the unanswered one-officer questions that this inspector may ring the requester about."""
    if not (can_change_walk(user, walk) and walk.is_short):
        return []
    questions = walk.one_officer_questions.open().select_related("booking__contact", "booking__bcu")
    return [question for question in questions.order_by("pk") if can_confirm_by_phone(user, question.booking)]


def _no_show_buttons(requesters: list[WalkRequester], *, is_idle: bool) -> list[tuple[str, Booking]]:
    """Return a no-show button for each missing requester. An idle session shows no names, so at most one button."""
    missing = [requester.booking for requester in requesters if requester.may_be_recorded_absent]
    if len(requesters) == 1:
        return [("She isn’t here", booking) for booking in missing]
    return [] if is_idle else [(f"Not here: {_name_of(booking)}", booking) for booking in missing]


def _name_of(booking: Booking) -> str:
    return booking.contact.name if booking.frozen_at is None else "the woman under review"


def _day(walk: Walk, now: datetime.datetime) -> str:
    """Name the day of the walk: "Tonight, Wed 2 December", or "Tuesday 8 December 2026" on another day."""
    if walk.date != london.local(now).date():
        return london.long_date(walk.start_at)
    tonight = "Tonight" if london.local(walk.start_at).hour >= EVENING else "Today"
    return f"{tonight}, {walk.date:%a} {walk.date.day} {walk.date:%B}"


def _details_hidden(walk: Walk, now: datetime.datetime) -> str:
    if walk.erased_at is not None:
        return "Details have been deleted."
    opens_at = walk.start_at - DETAILS_OPEN_BEFORE
    if now < opens_at:
        opens = f"{london.long_date(opens_at)}, {london.clock(opens_at)}"
        return f"You can read her name, her number, her needs and the phrase from 48 hours before the walk: {opens}."
    return "We hid her name, her number, her needs and the phrase 7 days after the walk."


def _bookings_on_walk(user: Officer, walk: Walk, now: datetime.datetime, *, may_read: bool) -> list[Booking]:
    """Return the bookings on the walk. If their details may not be read, return only those under review.

    Those under review are for the buttons: we don't show who they are (docs/rules.md#this-wasnt-me).
    """
    if walk.erased_at is not None:
        return []
    bookings = bookings_on_walk_with_visibility(user, walk, now)
    return list(bookings if may_read else bookings.exclude(frozen_at=None))


def _sharing_consents(user: Officer, walk: Walk) -> Consents:
    if not can_change_walk(user, walk):
        return {}
    return {consent.booking_id: _sharing_consent_text(consent) for consent in walk.sharing_consents.filter(guest=None)}


def _walk_requesters(
    user: Officer,
    walk: Walk,
    on_walk: list[Booking],
    now: datetime.datetime,
    numbers: dict[UUID, str],
    consents: Consents,
) -> list[WalkRequester]:
    messages = _team_messages(user, walk, now)
    return [
        _walk_requester(
            booking,
            walk,
            now,
            numbers.get(booking.pk, ""),
            consents.get(booking.pk, ""),
            messages.get(booking.pk, []),
        )
        for booking in on_walk
        if booking.is_visible
    ]


def _team_messages(user: Officer, walk: Walk, now: datetime.datetime) -> dict[UUID, list[TeamMessage]]:
    """Return the team messages of the requesters on this walk, by booking, if this officer may read them now."""
    may_read = can_read_team_messages_on_walk(user, walk, walk.live_officers(), now)
    return team_messages_on_walk(walk) if may_read else {}


def _sharing_consent_text(consent: SharingConsent) -> str:
    return consent.get_answer_display() or "Asked, no answer yet"


def _walk_requester(
    booking: Booking, walk: Walk, now: datetime.datetime, number: str, consent: str, team_messages: list[TeamMessage]
) -> WalkRequester:
    return WalkRequester(
        booking=booking,
        number=number,
        was_absent=booking.status == Status.REQUESTER_ABSENT,
        may_be_recorded_absent=booking.status == Status.SCHEDULED and walk.is_live and walk.may_be_recorded_absent(now),
        may_arrive_late=may_arrive_late(booking, now),
        team_messages=team_messages,
        sharing_consent_text=consent if booking.status == Status.SCHEDULED else "",
    )
