"""Cancel bookings and walks, for the requester or for us."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.locks import check_version, lock_booking_with_walk, lock_bookings_on_walk, lock_scheduled_bookings
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.card_updates import notify_companions_changed
from bookings.notices.officer_emails import send_officer_walk_cancelled
from bookings.permissions import BookingAction, available_actions, can_decide
from bookings.scheduling.cancellation.emails import send_booking_cancelled_by_requester, send_booking_cancelled_by_us
from bookings.scheduling.changes.actions import check_none_frozen
from bookings.scheduling.guests.actions import confirm_waiting_guests
from bookings.scheduling.offers.actions import withdraw_place_offers
from bookings.statuses import CancelReason, EventKind, Status
from bookings.transitions import transition_booking, transition_walk
from bookings.undo.recording import undoable
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.models.walks import Walk
from walks.statuses import WalkStatus


@dataclass(frozen=True, kw_only=True)
class Cancellation:
    """Our reason for cancelling, and our message to each requester."""

    reason: CancelReason
    message: str = ""


@transaction.atomic
def cancel_booking_by_requester(booking: Booking) -> None:
    """Cancel for the requester, who need not give a reason."""
    walk = lock_booking_with_walk(booking)
    _check_not_started(walk)
    if booking.frozen_at is not None:  # someone else may be pressing
        raise TransitionNotAllowed(_("This page has been locked. Someone from a different team will call you."))
    event = _cancel(booking, walk, Status.CANCELLED_BY_REQUESTER)
    send_booking_cancelled_by_requester(booking, event)
    if walk is not None:
        update_walk_after_cancellation(walk, event=event)


@transaction.atomic
def cancel_unseen_booking(booking: Booking) -> None:
    """Cancel, at any time, a booking that its requester cancelled after the restored backup was made.

    She is not told again. Officers are, because the backup may have sent them back to the walk.
    """
    walk = lock_booking_with_walk(booking)
    event = _cancel(booking, walk, Status.CANCELLED_BY_REQUESTER)
    if walk is not None:
        update_walk_after_cancellation(walk, event=event)


@transaction.atomic
def cancel_booking_by_us(booking: Booking, cancellation: Cancellation, *, by: Officer, version: int) -> None:
    """Cancel one requester's booking. Her unsent older messages are dropped, because none may follow this one."""
    reason, message = cancellation.reason, cancellation.message
    walk = _lock_to_cancel(booking, by=by, version=version)
    with undoable(EventKind.CANCELLED_BY_US, booking, by=by, walk=walk, starts_at=[walk.start_at]):
        event = _cancel(booking, walk, Status.CANCELLED_BY_US, by=by, code=reason, note=message)
        send_booking_cancelled_by_us(booking, event)
        update_walk_after_cancellation(walk, event=event)


@transaction.atomic
def cancel_walk_of_booking(booking: Booking, cancellation: Cancellation, *, by: Officer, version: int) -> None:
    """Cancel the walk for every requester on it. Each of them reads the same reason and message."""
    reason, message = cancellation.reason, cancellation.message
    walk = _lock_to_cancel(booking, by=by, version=version)
    bookings = lock_bookings_on_walk(walk)
    check_none_frozen(row for row in bookings if row.status == Status.SCHEDULED)
    with undoable(EventKind.CANCELLED_BY_US, *bookings, by=by, walk=walk, starts_at=[walk.start_at]):
        withdraw_place_offers(walk, bookings, by=by)
        cancellations = []
        for scheduled in (row for row in bookings if row.status == Status.SCHEDULED):
            event = _cancel(scheduled, walk, Status.CANCELLED_BY_US, by=by, code=reason, note=message)
            cancellations.append((scheduled, event))
        for cancelled, event in cancellations:  # last, because each message says that nobody will be there
            send_booking_cancelled_by_us(cancelled, event)
        update_walk_after_cancellation(walk, event=event)
    booking.refresh_from_db()


def _lock_to_cancel(booking: Booking, *, by: Officer, version: int) -> Walk:
    """Lock the booking with its walk, and return the walk that an inspector may cancel."""
    walk = lock_booking_with_walk(booking)
    require(can_decide(by, booking))
    check_version(booking, version=version)
    if walk is not None and BookingAction.CANCEL in available_actions(booking, by, timezone.now()):
        return walk
    _check_not_started(walk)
    status = booking.get_status_display().lower()
    raise TransitionNotAllowed(f"This booking is now “{status}”, so there is no walk to cancel.")


def _check_not_started(walk: Walk | None) -> None:
    if walk is not None and walk.has_begun(timezone.now()):
        raise TransitionNotAllowed(_("The walk has started, so it can’t be cancelled any more."))


def _cancel(
    booking: Booking, walk: Walk | None, to: Status, *, by: Officer | None = None, code: str = "", note: str = ""
) -> Event:
    """Cancel the booking. Keep the time and place the requester was told, so that she never sees later changes."""
    changes = {} if walk is None else {"walk_needed_at": walk.start_at}
    event = transition_booking(booking, to, kind=EventKind(to.value), by=by, code=code, note=note, changes=changes)
    booking.contact.advance_calendar_entry()
    if walk is not None:
        save_changes(booking.contact, cancelled_meeting_place=walk.meeting_place)
    return event


def update_walk_after_cancellation(walk: Walk, *, event: Event) -> None:
    """Tell everyone still on the walk that a booking was cancelled. If no booking remains, cancel the walk.

    The officers are told of a cancelled walk. A walk with an open place offer stays scheduled, and nobody is told.
    """
    if walk.status != WalkStatus.SCHEDULED:
        return
    if remaining := lock_scheduled_bookings(walk):
        change = _("Another woman isn’t coming any more.")
        # The requester who left may have been the only one who had not agreed to a guest.
        notify_companions_changed(
            walk, remaining, kind=EventKind.REQUESTER_LEFT, changes=[change, *confirm_waiting_guests(walk)], by=event.by
        )
        return
    if walk.offers.filter(answer="").exists():
        return
    officers = walk.live_officers()
    transition_walk(walk, WalkStatus.CANCELLED, kind=EventKind(event.kind), by=event.by, code=event.code)
    walk.assignments.filter(is_live=True).update(is_live=False, left_reason="cancelled")
    for officer in officers:
        send_officer_walk_cancelled(walk, officer)
