"""An inspector changes a walk: its time, place, length or officers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import check_version, lock_bookings_on_walk
from bookings.models.bookings import Booking
from bookings.notices import walk_changes
from bookings.notices.card_updates import notify_requesters_of_change
from bookings.notices.officer_emails import send_officer_assigned, send_officer_released, send_officer_walk_changed
from bookings.scheduling.adjustments import ArrangedAdjustment, check_adjustments_confirmed, save_adjustments
from bookings.scheduling.offers.actions import withdraw_place_offers
from bookings.statuses import EventKind, Status
from bookings.transitions import reset_one_officer_consent
from bookings.undo.recording import undoable
from boroughs.models.officers import Officer
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walkandtalk.lib.plain_text import one_line
from walkandtalk.lib.rows import save_changes
from walks.locks import lock_officers, lock_walk, raise_officer_not_available, set_lock_timeout
from walks.models.walks import Walk
from walks.permissions import can_change_walk
from walks.phrases import generate_phrases
from walks.planning.plans import WalkDetails, assign_officers, check_no_walk_overrunning, check_plan
from walks.statuses import WalkStatus

FIELDS_AFFECTING_ADJUSTMENTS = ("start_at", "minutes", "meeting_place", "finish_place")


def needs_adjustments_confirmed(walk: Walk, plan: WalkDetails, officers: Collection[Officer]) -> bool:
    """Return whether each adjustment needs confirming, because the walk moves or loses an officer."""
    return _moves(walk, plan) or not set(walk.live_officers()) <= set(officers)


def _moves(walk: Walk, plan: WalkDetails) -> bool:
    return any(getattr(plan, name) != getattr(walk, name) for name in FIELDS_AFFECTING_ADJUSTMENTS)


@dataclass(frozen=True, kw_only=True)
class WalkChange:
    """The new details of a walk, its officers, and how each requester's needs are met on it."""

    plan: WalkDetails
    officers: Collection[Officer]
    arranged: Mapping[UUID, Collection[ArrangedAdjustment]] | None = None


def change_walk(walk: Walk, change: WalkChange, *, by: Officer, version: int) -> None:
    """Change the details or officers of a walk. Each requester on it gets the whole walk card again."""
    plan, officers = change.plan, change.officers
    with raise_officer_not_available(), transaction.atomic():
        set_lock_timeout()
        locked_officers = lock_officers([*officers, *walk.live_officers()])
        lock_walk(walk)
        locked_bookings = lock_bookings_on_walk(walk)
        bookings = [booking for booking in locked_bookings if booking.status == Status.SCHEDULED]
        require(can_change_walk(by, walk))
        check_version(walk, version=version)
        if walk.status != WalkStatus.SCHEDULED:
            raise TransitionNotAllowed(
                f"This walk is now “{walk.get_status_display().lower()}”, so you can’t change it."
            )
        after = [officer for officer in locked_officers if officer in officers]
        before = walk.live_officers()
        check_plan(plan, after, walk.bcu, least=walk.least_officers_for(after))
        check_no_walk_overrunning([officer for officer in after if officer not in before], plan.start_at)
        changes = _changes(walk, plan, before=before, after=after)
        if _moves(walk, plan):
            check_none_frozen(bookings)
        readable = [booking for booking in bookings if booking.frozen_at is None]
        asks = needs_adjustments_confirmed(walk, plan, after)
        starts_at = [walk.start_at, plan.start_at]
        with undoable(EventKind.CHANGED, *locked_bookings, by=by, walk=walk, starts_at=starts_at, from_walk_page=True):
            _save_confirmed_adjustments(readable, change.arranged or {}, by=by, asks=asks)
            answers_change_request = (plan.start_at, plan.meeting_place) != (walk.start_at, walk.meeting_place)
            if changes:
                _apply_details(walk, plan, before=before, after=after)
                for booking in bookings if answers_change_request else ():
                    _close_change_request(booking)
                _notify_of_change(walk, bookings, by=by, changes=changes, before=before, after=after)
                withdraw_place_offers(walk, locked_bookings, by=by)


def _save_confirmed_adjustments(
    bookings: list[Booking], arranged: Mapping[UUID, Collection[ArrangedAdjustment]], *, by: Officer, asks: bool
) -> None:
    for booking in bookings:
        adjustments = arranged.get(booking.pk, ())
        if asks:
            check_adjustments_confirmed(booking, adjustments)
        save_adjustments(booking, adjustments, by=by)


def _close_change_request(booking: Booking) -> None:
    """Close the change request, which a new time or place answers."""
    if booking.has_open_change_request:
        save_changes(booking, change_requested_at=None, answered_at=timezone.now())


def _apply_details(walk: Walk, plan: WalkDetails, *, before: list[Officer], after: list[Officer]) -> None:
    if set(before) != set(after):
        officers_phrase, requester_phrase = generate_phrases()
        save_changes(walk, officers_phrase=officers_phrase, requester_phrase=requester_phrase)
        reset_one_officer_consent(walk)
    not_begun = {"set_off_at": None, "arrived_at": None, "officer_with_requester_at": None, "escort_began_at": None}
    save_changes(walk, **vars(plan), version=walk.version + 1, **not_begun)
    live = walk.assignments.filter(is_live=True)
    live.exclude(officer__in=after).update(is_live=False, left_reason="replaced")
    live.update(period=walk.period())
    assign_officers(walk, [officer for officer in after if officer not in before])


def _notify_of_change(
    walk: Walk,
    bookings: list[Booking],
    *,
    by: Officer,
    changes: list[str],
    before: list[Officer],
    after: list[Officer],
) -> None:
    record(EventKind.CHANGED, walk=walk, by=by)
    notify_requesters_of_change(walk, bookings, by=by, changes=changes)
    for officer in after:
        if officer in before:
            send_officer_walk_changed(walk, officer, changes=changes)
        else:
            send_officer_assigned(walk, officer)
    for officer in before:
        if officer not in after:
            send_officer_released(walk, officer)


def _changes(walk: Walk, plan: WalkDetails, *, before: list[Officer], after: list[Officer]) -> list[str]:
    """Return each difference as a sentence, for the top of the requester's message."""
    changes = []
    if london.local(plan.start_at).date() != walk.date:
        changes.append(walk_changes.DATE % {"date": london.long_date(plan.start_at)})
    if london.local(plan.start_at).time() != london.local(walk.start_at).time():
        changes.append(walk_changes.START % {"time": london.clock(plan.start_at)})
    if plan.minutes != walk.minutes:
        changes.append(walk_changes.MINUTES % {"minutes": plan.minutes})
    if plan.meeting_place != walk.meeting_place:
        changes.append(walk_changes.MEETING_PLACE % {"place": one_line(plan.meeting_place)})
    if plan.map_coordinates != walk.map_coordinates:
        changes.append(str(walk_changes.MAP_POINT_MOVED if plan.map_coordinates else walk_changes.MAP_POINT_REMOVED))
    if plan.finish_place != walk.finish_place:
        changes.append(walk_changes.FINISH_PLACE % {"place": one_line(plan.finish_place)})
    if set(before) != set(after):
        changes.append(_("The officers and the phrase have changed."))
    if plan.duty_number != walk.duty_number:
        changes.append(walk_changes.DUTY_NUMBER % {"number": plan.duty_number})
    return changes


def check_none_frozen(bookings: Iterable[Booking]) -> None:
    """Raise TransitionNotAllowed if a requester on the walk said “This wasn’t me”, because we don't write to her."""
    if any(booking.frozen_at is not None for booking in bookings):
        raise TransitionNotAllowed(
            "A request on this walk is under review, so the walk goes ahead as it is. You can change its officers, or "
            "cancel for one of the other women."
        )
