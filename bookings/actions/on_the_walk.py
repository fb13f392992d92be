"""The evening of the walk, as its officers press it: on my way, here, she is not here, called away."""

import datetime
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from bookings import emails
from bookings.actions.moves import (
    BookingError,
    MoveNotAllowed,
    lock_booking_with_walk,
    lock_bookings_of,
    lock_walk,
    move_booking,
    move_walk,
    record,
    require,
)
from bookings.models import Booking, Event, Walk
from bookings.permissions import can_walk
from bookings.statuses import EventKind, RangHer, Status, WalkStatus, Whereabouts
from boroughs.models import Officer
from outbox.actions import supersede
from walkandtalk.lib import london

ANSWER_BY = datetime.time(17)  # on the next working day


@transaction.atomic
def set_off(walk: Walk, *, by: Officer) -> None:
    """“On my way”. Her page says so, and so does a message, when the first officer presses it."""
    _press_before_the_start(walk, EventKind.SET_OFF, "set_off_at", by=by, tell=emails.booking_set_off)


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
    emails.booking_missed_by_her(booking, event, send_after=max(now, walk.end_at))


@transaction.atomic
def come_after_all(booking: Booking, *, by: Officer) -> None:
    """“She is not here” was too soon: what we were to write of it is not sent."""
    _lock_hers(booking, by)
    if booking.status == Status.SCHEDULED:
        return
    if not booking.may_come_after_all(timezone.now()):
        raise MoveNotAllowed("This walk is over, so it cannot be walked any more. Ring your inspector.")
    move_booking(booking, Status.SCHEDULED, kind=EventKind.CAME_AFTER_ALL, by=by)
    supersede(emails.her_thread(booking), kinds=["missed_by_her"])


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
    emails.team_called_away(walk, event)


def _put_first_in_line(booking: Booking, walk: Walk, *, by: Officer, where: Whereabouts) -> None:
    """The promise to answer her begins anew, and the list puts whoever is needed first at its top."""
    now = timezone.now()
    booking.walk, booking.needed_at = None, now
    booking.cut_short_walk = walk
    event = move_booking(booking, Status.WAITING, kind=EventKind.CALLED_AWAY, by=by, code=where)
    booking.answered_at = booking.reached_at = None
    booking.answer_due_at = london.to_instant(london.add_working_days(london.local(now).date(), 1), ANSWER_BY)
    booking.save(update_fields=["cut_short_walk", "answered_at", "reached_at", "answer_due_at"])
    emails.booking_called_away(booking, event)
