"""Officers walk."""

from django.db import transaction
from django.utils import timezone

from bookings import emails
from bookings.actions.moves import (
    BookingError,
    MoveNotAllowed,
    lock_bookings_of,
    lock_officers,
    lock_walk,
    move_booking,
    move_walk,
    record,
    require,
)
from bookings.actions.schedules import reissue_card
from bookings.models import Booking, ReadLog, Walk, women_of
from bookings.permissions import can_decide, can_read_details, can_walk
from bookings.statuses import EventKind, Status, WalkStatus
from boroughs.models import Officer


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
def leave_walk(walk: Walk, *, by: Officer) -> None:
    """This officer cannot make it. Her place is free at once, and the team is told.

    With enough officers left nobody has to decide anything, so the women hear at once. Otherwise the team finds
    somebody or cancels, and they hear then.
    """
    lock_officers([by])
    lock_walk(walk)
    require(can_walk(by, walk.live_officers()))
    if walk.status != WalkStatus.SCHEDULED:
        raise MoveNotAllowed(f"This walk is now “{walk.get_status_display().lower()}”, so nobody can leave it here.")
    # A change that was begun while she was still on the walk must not put her back on it.
    walk.revision += 1
    # Whoever set off may be the one who cannot come: the other one presses again.
    walk.set_off_at = walk.arrived_at = None
    walk.save(update_fields=["revision", "set_off_at", "arrived_at"])
    walk.assignments.filter(officer=by, is_live=True).update(is_live=False, left_reason="cannot_make_it")
    event = record(EventKind.OFFICER_LEFT, walk=walk, by=by)
    emails.team_officer_left(walk, by, event)
    if not walk.is_under(walk.bcu.min_officers):
        reissue_card(walk, by=by)


@transaction.atomic
def read_phone(booking: Booking, *, by: Officer) -> str:
    """Her number, and a line that says who looked at it."""
    require(can_decide(by, booking) or _is_walking_with(by, booking))
    ReadLog.objects.create(officer=by, booking=booking, field="phone")
    return booking.contact.phone


def _is_walking_with(officer: Officer, booking: Booking) -> bool:
    now = timezone.now()
    walks = [walk for walk in (booking.walk, booking.cut_short_walk) if walk and women_of(walk).contains(booking)]
    return any(can_read_details(officer, walk, walk.live_officers(), now) for walk in walks)
