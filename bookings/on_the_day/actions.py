"""Actions on the day of a walk: on my way, here, with her, started, ended, no-show, called away, and nobody came."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_booking, lock_booking_with_walk, lock_scheduled_bookings
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.undoable_decisions import is_walk_news_held
from bookings.notices.threads import requester_thread
from bookings.on_the_day.emails import (
    send_booking_cut_short,
    send_booking_officers_set_off,
    send_booking_requester_absent,
    send_officer_evening_list,
    send_team_nobody_came,
    send_team_officer_with_requester,
    send_team_walk_cut_short,
)
from bookings.on_the_day.evening_list import walks_for_evening_list
from bookings.permissions import RequesterAction, may_arrive_late, requester_actions
from bookings.read_log import require_number_opened
from bookings.statuses import CallOutcome, EventKind, Status, Whereabouts
from bookings.transitions import transition_booking, transition_walk
from boroughs.models.officers import Officer
from outbox.actions import supersede
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.locks import lock_officers, lock_walk, lock_walk_with_officers
from walks.models.walks import UNDO_WITHIN, Walk
from walks.permissions import can_use_walk_actions
from walks.statuses import WalkStatus

CUT_SHORT_ANSWER_BY = datetime.time(17)  # London time, on the next working day


@transaction.atomic
def set_off(walk: Walk, *, by: Officer) -> None:
    """Record that an officer is on the way. The first press also updates the requesters' pages and sends a message."""
    _record_press_before_start(walk, EventKind.SET_OFF, "set_off_at", by=by, notify=send_booking_officers_set_off)


@transaction.atomic
def arrive(walk: Walk, *, by: Officer) -> None:
    """Record that an officer has arrived. The requester is looking at her page, so there is no message."""
    _record_press_before_start(walk, EventKind.ARRIVED, "arrived_at", by=by)


def _record_press_before_start(
    walk: Walk,
    kind: EventKind,
    field: str,
    *,
    by: Officer,
    notify: Callable[[Booking, Event], None] | None = None,
) -> None:
    """Record one event for each officer. Only the first is shown and sent to the requesters."""
    lock_walk(walk)
    bookings = lock_scheduled_bookings(walk)
    require(can_use_walk_actions(by, walk.live_officers()))
    if walk.status != WalkStatus.SCHEDULED:
        raise TransitionNotAllowed(f"This walk is now “{walk.get_status_display().lower()}”, so you can’t press this.")
    if not walk.may_start(timezone.now()):
        raise ActionError("You can press this from an hour before the walk.")
    _check_enough_officers(walk)
    is_first = getattr(walk, field) is None
    event = _record_once(walk, kind, field, by=by)
    if event is not None and is_first and notify is not None:
        for booking in bookings:
            notify(booking, event)


def _record_once(walk: Walk, kind: EventKind, field: str, *, by: Officer) -> Event | None:
    """Record one event for each officer, and the time of the first in `field`. Return None if she pressed before."""
    first_pressed_at = getattr(walk, field)
    if first_pressed_at is not None and walk.events.filter(kind=kind, by=by, at__gte=first_pressed_at).exists():
        return None
    event = record(kind, walk=walk, by=by)
    if first_pressed_at is None:
        save_changes(walk, **{field: event.at})
    return event


def _check_enough_officers(walk: Walk) -> None:
    """Raise ActionError if the walk has fewer officers than it needs (docs/rules.md#too-few-officers)."""
    if walk.is_short:
        count = len(walk.live_officers())
        raise ActionError(
            f"This walk has {count} of the {walk.least_officers} officers it needs. Ring the duty number. "
            "If she’s with you, press “I’m waiting with her”."
        )


@transaction.atomic
def wait_with_requester(walk: Walk, *, by: Officer) -> None:
    """Record that an officer waits with a requester on a walk short of officers, and tell the team."""
    _stay_with_requester(walk, EventKind.WAITING_WITH_REQUESTER, "officer_with_requester_at", by=by)


@transaction.atomic
def escort_to_safety(walk: Walk, *, by: Officer) -> None:
    """Record that an officer sees a requester to safety on a walk short of officers, and tell the team."""
    _stay_with_requester(walk, EventKind.ESCORT_BEGAN, "escort_began_at", by=by)


def _stay_with_requester(walk: Walk, kind: EventKind, field: str, *, by: Officer) -> None:
    """Record and tell of an officer who stays with a requester. No rule about numbers may leave her alone."""
    lock_walk(walk)
    require(can_use_walk_actions(by, walk.live_officers()))
    if not walk.is_live:
        raise TransitionNotAllowed(f"This walk is now “{walk.get_status_display().lower()}”, so you can’t press this.")
    if not walk.may_be_kept_company(timezone.now()):
        raise ActionError("You need this only on a walk with too few officers, from an hour before its start.")
    event = _record_once(walk, kind, field, by=by)
    if event is None:
        return
    if walk.officer_with_requester_at is None:
        save_changes(walk, officer_with_requester_at=event.at)
    send_team_officer_with_requester(walk, by, event)


@dataclass(frozen=True, kw_only=True)
class NoShow:
    """The officers' waiting time in minutes, and the result of ringing the requester."""

    waited_minutes: int
    call_outcome: CallOutcome


@transaction.atomic
def record_no_show(booking: Booking, no_show: NoShow, *, by: Officer) -> None:
    """Record that the requester has not come ten minutes after the start. The walk stays open: she still may."""
    walk = _lock_walk_of_booking(booking, by)
    if booking.status == Status.REQUESTER_ABSENT:
        return
    now = timezone.now()
    if not walk.may_be_recorded_absent(now):
        raise ActionError(
            f"Wait until {london.clock(walk.absence_allowed_at)}, ten minutes after the start. "
            "Ring her now if she allows it."
        )
    if walk.status != WalkStatus.SCHEDULED and len(lock_scheduled_bookings(walk)) < 2:
        raise TransitionNotAllowed(
            "The walk started with her, so she can’t be a no-show. Press “Ended safely” or “Called away”."
        )
    call_outcome = no_show.call_outcome
    if call_outcome == CallOutcome.NOT_COMING:
        require_number_opened(booking, by=by)
    note = f"Waited {no_show.waited_minutes} minutes. Rang her? {call_outcome.label}."
    kind = EventKind.REQUESTER_ABSENT
    event = transition_booking(booking, Status.REQUESTER_ABSENT, kind=kind, by=by, code=call_outcome, note=note)
    send_booking_requester_absent(booking, event, send_after=max(now, walk.end_at))


@transaction.atomic
def record_late_arrival(booking: Booking, *, by: Officer) -> None:
    """Correct a no-show, and cancel the message about it."""
    _lock_walk_of_booking(booking, by)
    if booking.status == Status.SCHEDULED:
        return
    if not may_arrive_late(booking, timezone.now()):
        raise TransitionNotAllowed("This walk has ended. Ring your inspector.")
    transition_booking(booking, Status.SCHEDULED, kind=EventKind.REQUESTER_ARRIVED, by=by)
    supersede(requester_thread(booking), kinds=["requester_absent"])


def _lock_walk_of_booking(booking: Booking, by: Officer) -> Walk:
    walk = lock_booking_with_walk(booking)
    if walk is None or not can_use_walk_actions(by, walk.live_officers()):
        raise PermissionDenied
    return walk


@transaction.atomic
def cut_walk_short(walk: Walk, *, by: Officer, where: Whereabouts) -> None:
    """End the walk because its officers are called away. Its requesters go back to the queue with priority."""
    lock_walk_with_officers(walk)
    bookings = lock_scheduled_bookings(walk)
    require(can_use_walk_actions(by, walk.live_officers()))
    if walk.status == WalkStatus.CUT_SHORT:
        return
    now = timezone.now()
    if not walk.may_be_cut_short(now):
        raise TransitionNotAllowed(
            "This walk hasn’t started yet, or it has ended. If you can’t come, press “I can’t make it”."
        )
    event = transition_walk(
        walk, WalkStatus.CUT_SHORT, kind=EventKind.CALLED_AWAY, by=by, code=where, changes={"ended_at": now}
    )
    for booking in bookings:
        _return_to_queue_with_priority(booking, walk, by=by, where=where)
    send_team_walk_cut_short(walk, event)


def _return_to_queue_with_priority(booking: Booking, walk: Walk, *, by: Officer, where: Whereabouts) -> None:
    """Set a new response target, and put a requester who needs a call now at the top of the queue."""
    now = timezone.now()
    next_working_day = london.add_working_days(london.local(now).date(), 1)
    changes = {
        "walk": None,
        "walk_needed_at": now,
        "cut_short_walk": walk,
        "answered_at": None,
        "answer_due_at": london.to_instant(next_working_day, CUT_SHORT_ANSWER_BY),
    }
    event = transition_booking(booking, Status.WAITING, kind=EventKind.CALLED_AWAY, by=by, code=where, changes=changes)
    save_changes(booking.acknowledgement, contacted_at=None)
    send_booking_cut_short(booking, event)


@transaction.atomic
def start_walk(walk: Walk, *, by: Officer) -> None:
    """Start the walk. Both officers may press the button: the second press changes nothing.

    They may undo it for five minutes (`undo_start`).
    """
    lock_walk(walk)
    require(can_use_walk_actions(by, walk.live_officers()))
    if walk.status == WalkStatus.UNDER_WAY:
        return
    if not walk.may_start(timezone.now()):
        raise ActionError("You can’t start this walk earlier than an hour before its start time.")
    _check_enough_officers(walk)
    now = timezone.now()
    changes = {"started_at": now, "undo_until": now + UNDO_WITHIN}
    transition_walk(walk, WalkStatus.UNDER_WAY, kind=EventKind.STARTED, by=by, changes=changes)


@transaction.atomic
def end_walk(walk: Walk, *, by: Officer) -> None:
    """End the walk: every requester has arrived safely. Its officers are free once they can't undo it any more."""
    lock_walk_with_officers(walk)
    bookings = lock_scheduled_bookings(walk)
    require(can_use_walk_actions(by, walk.live_officers()))
    if walk.status == WalkStatus.COMPLETED:
        return
    if not walk.may_be_ended:
        raise TransitionNotAllowed(
            f"This walk is now “{walk.get_status_display().lower()}”, so you can’t end it. "
            "Press “Start the walk” first, even if you’re late."
        )
    now = timezone.now()
    changes = {"ended_at": now, "undo_until": now + UNDO_WITHIN}
    transition_walk(walk, WalkStatus.COMPLETED, kind=EventKind.ENDED, by=by, changes=changes)
    for booking in bookings:
        transition_booking(booking, Status.COMPLETED, kind=EventKind.ENDED, by=by)


@transaction.atomic
def report_nobody_came(booking: Booking) -> None:
    """Record the requester's report that no officer came. Pressing twice tells the team once."""
    lock_booking(booking)
    now = timezone.now()
    if booking.reported_nobody_came:
        return
    if RequesterAction.REPORT_NOBODY_CAME not in requester_actions(booking, now):
        raise TransitionNotAllowed(_("You can only say this between the start of the walk and the next evening."))
    save_changes(booking.acknowledgement, nobody_came_reported_at=now, contacted_at=None)
    save_changes(booking, version=booking.version + 1)
    # A no-show message may be queued until the walk ends, and it would contradict the requester's report.
    supersede(requester_thread(booking), kinds=["requester_absent"])
    event = record(EventKind.NOBODY_CAME_REPORTED, booking=booking)
    send_team_nobody_came(booking, event)


@transaction.atomic
def send_evening_list(officer: Officer, *, now: datetime.datetime) -> None:
    """Send the officer her evening list. Every change to a walk locks its officers first, so the list is up to date.

    While a decision about one of her walks can be undone, the list waits: the job comes back every minute.
    """
    lock_officers([officer])
    if is_walk_news_held(officer, now):
        return
    if walks := list(walks_for_evening_list(now).for_officer(officer)):
        send_officer_evening_list(officer, walks, now=now)
