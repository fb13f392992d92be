"""An inspector schedules a walk for a requester."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bookings.locks import lock_for_decision
from bookings.models.bookings import Booking
from bookings.notices.emails import send_booking_scheduled
from bookings.notices.officer_emails import send_officer_assigned
from bookings.permissions import BookingAction, available_actions
from bookings.scheduling.adjustments import ArrangedAdjustment, check_adjustments_complete, save_adjustments
from bookings.statuses import EventKind, Status
from bookings.transitions import transition_booking
from bookings.undo.recording import undoable
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.locks import OfficerNotAvailable, lock_officers, raise_officer_not_available, set_lock_timeout
from walks.models.walks import Assignment, Walk
from walks.phrases import generate_phrases
from walks.planning.plans import WalkDetails, assign_officers, check_no_walk_overrunning, check_plan


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The details of a requester's walk, its officers, and how each of her needs is met."""

    plan: WalkDetails
    officers: Collection[Officer]
    arranged: Collection[ArrangedAdjustment] = ()


def schedule_booking(booking: Booking, schedule: Schedule, *, by: Officer, version: int) -> Walk:
    """Schedule a walk for the requester with these officers. Each of her needs must be met, now or by an earlier save.

    Raise OfficerNotAvailable if one of the officers has been assigned to another walk first.
    """
    plan, officers = schedule.plan, schedule.officers
    if booking.version == version:  # otherwise the version check below says what has changed
        _check_officers_available(booking, officers, plan)  # fail fast if an officer is already assigned
    with raise_officer_not_available(), transaction.atomic():
        set_lock_timeout()
        locked_officers = lock_officers(officers)
        lock_for_decision(booking, by=by, version=version)
        _check_may_be_scheduled(booking, by)
        check_plan(plan, locked_officers, booking.team)
        # Check again after waiting for a lock, to release the officers quickly: others may be waiting too.
        _check_officers_available(booking, locked_officers, plan)
        with undoable(EventKind.SCHEDULED, booking, by=by, starts_at=[plan.start_at]):
            return _create_walk(booking, schedule, locked_officers, by=by)


def _create_walk(booking: Booking, schedule: Schedule, officers: list[Officer], *, by: Officer) -> Walk:
    save_adjustments(booking, schedule.arranged, by=by)
    check_adjustments_complete(booking)
    officers_phrase, requester_phrase = generate_phrases()
    walk = Walk.objects.create(
        bcu=booking.team,
        nominated_inspector=booking.nominated_inspector,
        capacity=booking.team.walk_capacity,
        officers_phrase=officers_phrase,
        requester_phrase=requester_phrase,
        **vars(schedule.plan),
    )
    assign_officers(walk, officers)
    assign_booking_to_walk(booking, walk, by=by)
    for officer in officers:
        send_officer_assigned(walk, officer)
    return walk


def _check_officers_available(booking: Booking, officers: Collection[Officer], plan: WalkDetails) -> None:
    """Raise OfficerNotAvailable if an officer has another walk at that time.

    The database constraint decides; this check only saves work. A walk that a colleague has just scheduled for this
    requester does not count, because the version check explains it better.
    """
    period = Walk(bcu=booking.team, start_at=plan.start_at, minutes=plan.minutes).period()
    taken = Assignment.objects.filter(officer__in=officers, is_live=True, period__overlap=period)
    if taken.exclude(walk__bookings=booking).exists():
        raise OfficerNotAvailable
    check_no_walk_overrunning(officers, plan.start_at)


def assign_booking_to_walk(booking: Booking, walk: Walk, *, by: Officer | None = None) -> None:
    """Add the booking to this walk and tell the requester. The caller holds both locks and has checked permission."""
    if booking.cut_short_walk_id is not None:
        booking.contact.advance_calendar_entry()  # the requester's calendar still holds the walk that was cut short
    changes = {"walk": walk, "walk_needed_at": walk.start_at}
    event = transition_booking(booking, Status.SCHEDULED, kind=EventKind.SCHEDULED, by=by, changes=changes)
    send_booking_scheduled(booking, event)


def _check_may_be_scheduled(booking: Booking, by: Officer) -> None:
    """Raise ActionError unless a walk may be scheduled. The requester must confirm first (docs/rules.md#confirmation).

    Nobody who did not ask may read the officers' names and the phrase.
    """
    if BookingAction.SCHEDULE in available_actions(booking, by, timezone.now()):
        return
    if booking.awaits_decision:
        raise ActionError(
            "She hasn’t confirmed yet that the request is hers. "
            "Ring her if she allows it, then press “I’ve spoken with her”."
        )
    status = booking.get_status_display().lower()
    raise TransitionNotAllowed(f"This booking is now “{status}”, so you can’t schedule a walk for it.")
