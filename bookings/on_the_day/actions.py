"""The walk as its officers record it: on my way, here, started, ended, no-show, called away."""

import datetime
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import lock_booking, lock_booking_with_walk, lock_bookings_of
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.threads import her_thread
from bookings.on_the_day.emails import (
    booking_called_away,
    booking_missed_by_her,
    booking_set_off,
    officer_tonight,
    team_called_away,
    team_nobody_came,
)
from bookings.on_the_day.evening_list import walks_tonight
from bookings.statuses import EventKind, RangHer, Status, Whereabouts
from bookings.transitions import move_booking, move_walk
from boroughs.models.officers import Officer
from outbox.actions import supersede
from walkandtalk.lib import london
from walkandtalk.lib.errors import BookingError, MoveNotAllowed, require
from walks.locks import lock_officers, lock_walk
from walks.models.walks import Walk
from walks.permissions import can_walk
from walks.statuses import WalkStatus

ANSWER_BY = datetime.time(17)  # on the next working day


@transaction.atomic
def set_off(walk: Walk, *, by: Officer) -> None:
    """“On my way”. Her page says so, and so does a message, when the first officer presses it."""
    _press_before_the_start(walk, EventKind.SET_OFF, "set_off_at", by=by, tell=booking_set_off)


@transaction.atomic
def arrive(walk: Walk, *, by: Officer) -> None:
    """“Here”. Her page says so: she is looking at it, so there is no message."""
    _press_before_the_start(walk, EventKind.ARRIVED, "arrived_at", by=by)


def _press_before_the_start(
    walk: Walk,
    kind: EventKind,
    field: str,
    *,
    by: Officer,
    tell: Callable[[Booking, Event], None] | None = None,
) -> None:
    """A row for each officer who presses, and for each of them one. The first press is what she hears of."""
    lock_walk(walk)
    bookings = lock_bookings_of(walk)
    require(can_walk(by, walk.live_officers()))
    if walk.status != WalkStatus.SCHEDULED:
        raise MoveNotAllowed(f"This walk is now “{walk.get_status_display().lower()}”, so this needs no pressing.")
    if not walk.may_start(timezone.now()):
        raise BookingError("You can press this from an hour before the walk. Look at the time.")
    first = getattr(walk, field)
    if first is not None and walk.events.filter(kind=kind, by=by, at__gte=first).exists():
        return
    event = record(kind, walk=walk, by=by)
    if first is not None:
        return
    setattr(walk, field, event.at)
    walk.save(update_fields=[field])
    if tell is not None:
        for booking in bookings:
            tell(booking, event)


@transaction.atomic
def miss_her(booking: Booking, *, by: Officer, waited: int, rang: RangHer) -> None:
    """She is not here, ten minutes after the start. The walk stays open until its end: she may come after all."""
    walk = _lock_hers(booking, by)
    if booking.status == Status.MISSED_BY_HER:
        return
    now = timezone.now()
    if not walk.may_be_given_up(now):
        raise BookingError(
            f"Wait until {london.clock(walk.gives_up_at)}: she is given ten minutes. Ring her now if she allows it."
        )
    if walk.status != WalkStatus.SCHEDULED and len(lock_bookings_of(walk)) < 2:
        raise MoveNotAllowed("The walk has started with her, so she was there. Press “Ended safely” or “Called away”.")
    note = f"Waited {waited} minutes. Rang her? {rang.label}."
    kind = EventKind.NOT_THERE
    event = move_booking(booking, Status.MISSED_BY_HER, kind=kind, by=by, code=rang, note=note)
    booking_missed_by_her(booking, event, send_after=max(now, walk.end_at))


@transaction.atomic
def come_after_all(booking: Booking, *, by: Officer) -> None:
    """“She is not here” was too soon: what we were to write of it is not sent."""
    _lock_hers(booking, by)
    if booking.status == Status.SCHEDULED:
        return
    if not booking.may_come_after_all(timezone.now()):
        raise MoveNotAllowed("This walk is over, so it cannot be walked any more. Ring your inspector.")
    move_booking(booking, Status.SCHEDULED, kind=EventKind.CAME_AFTER_ALL, by=by)
    supersede(her_thread(booking), kinds=["missed_by_her"])


def _lock_hers(booking: Booking, by: Officer) -> Walk:
    walk = lock_booking_with_walk(booking)
    if walk is None or not can_walk(by, walk.live_officers()):
        raise PermissionDenied
    return walk


@transaction.atomic
def call_away(walk: Walk, *, by: Officer, where: Whereabouts) -> None:
    """The officers have to go. Whoever walked with them waits for another walk, before everybody else."""
    lock_walk(walk)
    bookings = lock_bookings_of(walk)
    require(can_walk(by, walk.live_officers()))
    if walk.status == WalkStatus.CUT_SHORT:
        return
    now = timezone.now()
    if not walk.may_be_cut_short(now):
        raise MoveNotAllowed("The walk has not begun, or is over already. If you cannot come, press “I can’t make it”.")
    walk.ended_at = now
    event = move_walk(walk, WalkStatus.CUT_SHORT, kind=EventKind.CALLED_AWAY, by=by, code=where)
    for booking in bookings:
        _put_first_in_line(booking, walk, by=by, where=where)
    team_called_away(walk, event)


def _put_first_in_line(booking: Booking, walk: Walk, *, by: Officer, where: Whereabouts) -> None:
    """The promise to answer her begins anew, and the list puts whoever is needed first at its top."""
    now = timezone.now()
    booking.walk, booking.needed_at = None, now
    booking.cut_short_walk = walk
    event = move_booking(booking, Status.WAITING, kind=EventKind.CALLED_AWAY, by=by, code=where)
    booking.answered_at = booking.reached_at = None
    booking.answer_due_at = london.to_instant(london.add_working_days(london.local(now).date(), 1), ANSWER_BY)
    booking.save(update_fields=["cut_short_walk", "answered_at", "reached_at", "answer_due_at"])
    booking_called_away(booking, event)


@transaction.atomic
def start_walk(walk: Walk, *, by: Officer) -> None:
    """Both officers may press it: the second press finds it done."""
    lock_walk(walk)
    require(can_walk(by, walk.live_officers()))
    if walk.status == WalkStatus.UNDER_WAY:
        return
    if not walk.may_start(timezone.now()):
        raise BookingError("The walk cannot start earlier than an hour before its time.")
    walk.started_at = timezone.now()
    move_walk(walk, WalkStatus.UNDER_WAY, kind=EventKind.STARTED, by=by)


@transaction.atomic
def end_walk(walk: Walk, *, by: Officer) -> None:
    """Everybody is where she meant to get to."""
    lock_walk(walk)
    bookings = lock_bookings_of(walk)
    require(can_walk(by, walk.live_officers()))
    if walk.status == WalkStatus.COMPLETED:
        return
    if walk.status != WalkStatus.UNDER_WAY:
        raise MoveNotAllowed(
            f"This walk is now “{walk.get_status_display().lower()}”, so it cannot end. "
            "Press “Start the walk” first, also if you are late to press."
        )
    walk.ended_at = timezone.now()
    move_walk(walk, WalkStatus.COMPLETED, kind=EventKind.ENDED, by=by)
    for booking in bookings:
        move_booking(booking, Status.COMPLETED, kind=EventKind.ENDED, by=by)


@transaction.atomic
def say_nobody_came(booking: Booking) -> None:
    """She stands there alone. Pressing twice tells the team once."""
    lock_booking(booking)
    now = timezone.now()
    if booking.says_nobody_came:
        return
    if not booking.may_say_nobody_came(now):
        raise MoveNotAllowed(_("You can say this from the start of the walk until the next evening. Look at the time."))
    booking.nobody_came_at, booking.reached_at = now, None
    booking.version += 1
    booking.save(update_fields=["nobody_came_at", "reached_at", "version"])
    # That we waited for her may be on its way: it waits for the end of the walk, and is not what she says.
    supersede(her_thread(booking), kinds=["missed_by_her"])
    event = record(EventKind.NOBODY_CAME, booking=booking)
    team_nobody_came(booking, event)


@transaction.atomic
def list_tonight(officer: Officer, *, now: datetime.datetime) -> None:
    """Write her tonight's list, as her walks are by now: whoever changes one has to hold her first."""
    lock_officers([officer])
    if walks := list(walks_tonight(now).of_officer(officer)):
        officer_tonight(officer, walks, now=now)
