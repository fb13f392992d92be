"""Cancel a walk, by the requester or by us."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.locks import check_version, lock_booking_with_walk, lock_bookings_on_walk, lock_scheduled_bookings
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.notices.card_updates import notify_companions_changed
from bookings.notices.officer_emails import officer_walk_cancelled
from bookings.permissions import BookingAction, available_actions, can_decide
from bookings.scheduling.cancellation.emails import booking_cancelled_by_requester, booking_cancelled_by_us
from bookings.scheduling.guests.actions import confirm_waiting_guests
from bookings.scheduling.offers.actions import withdraw_place_offers
from bookings.scheduling.schedule.actions import check_not_begun
from bookings.statuses import CancelReason, EventKind, Status
from bookings.transitions import transition_booking, transition_walk
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.models.walks import Walk
from walks.statuses import WalkStatus


@dataclass(frozen=True, kw_only=True)
class Cancellation:
    """The reason why we cancel, and our words to each requester."""

    reason: CancelReason
    words: str = ""


@transaction.atomic
def cancel_booking_by_requester(booking: Booking) -> None:
    """Cancel for the requester, who need not give a reason. The officers are told at once."""
    walk = lock_booking_with_walk(booking)
    check_not_begun(walk)
    event = _cancel(booking, walk, Status.CANCELLED_BY_REQUESTER)
    booking_cancelled_by_requester(booking, event)
    if walk is not None:
        remove_booking_from_walk(walk, event=event)


@transaction.atomic
def cancel_booking_by_us(booking: Booking, cancellation: Cancellation, *, by: Officer, version: int) -> None:
    """Cancel one booking. The requester must hear before she leaves home, so older messages are not sent after this."""
    reason, words = cancellation.reason, cancellation.words
    walk = _lock_to_cancel(booking, by=by, version=version)
    event = _cancel(booking, walk, Status.CANCELLED_BY_US, by=by, code=reason, note=words)
    booking_cancelled_by_us(booking, event)
    remove_booking_from_walk(walk, event=event)


@transaction.atomic
def cancel_walk_of_booking(booking: Booking, cancellation: Cancellation, *, by: Officer, version: int) -> None:
    """Cancel the walk for every requester on it. Each one reads the same reason and words."""
    reason, words = cancellation.reason, cancellation.words
    walk = _lock_to_cancel(booking, by=by, version=version)
    women = lock_bookings_on_walk(walk)
    withdraw_place_offers(walk, women, by=by)
    cancelled = []
    for each in (woman for woman in women if woman.status == Status.SCHEDULED):
        event = _cancel(each, walk, Status.CANCELLED_BY_US, by=by, code=reason, note=words)
        cancelled.append((each, event))
    for each, event in cancelled:  # after all cancellations, because each message says that nobody will be there
        booking_cancelled_by_us(each, event)
    remove_booking_from_walk(walk, event=event)
    booking.refresh_from_db()


def _lock_to_cancel(booking: Booking, *, by: Officer, version: int) -> Walk:
    """Lock the booking with its walk, and return the walk that an inspector may cancel."""
    walk = lock_booking_with_walk(booking)
    require(can_decide(by, booking))
    check_version(booking, version=version)
    if walk is not None and BookingAction.CANCEL in available_actions(booking, by, timezone.now()):
        return walk
    check_not_begun(walk)
    was = booking.get_status_display().lower()
    raise TransitionNotAllowed(f"This booking is now “{was}”, so there is no walk to cancel.")


def _cancel(
    booking: Booking, walk: Walk | None, to: Status, *, by: Officer | None = None, code: str = "", note: str = ""
) -> Event:
    """Cancel the booking. Keep the time and place the requester was told, so that she never sees where others go."""
    changes = {} if walk is None else {"walk_needed_at": walk.start_at}
    event = transition_booking(booking, to, kind=EventKind(to.value), by=by, code=code, note=note, changes=changes)
    booking.contact.advance_calendar_entry()
    if walk is not None:
        save_changes(booking.contact, cancelled_meeting_place=walk.meeting_place)
    return event


def remove_booking_from_walk(walk: Walk, *, event: Event) -> None:
    """Take a booking off this walk. If others are on it, it goes on and they are told.

    Otherwise the officers are released and told, unless somebody may still accept a place on the walk.
    """
    if walk.status != WalkStatus.SCHEDULED:
        return
    if left := lock_scheduled_bookings(walk):
        gone = _("Another woman is not coming any more.")
        # Some guests may have been waiting only for the answer of the requester who left.
        notify_companions_changed(
            walk, left, kind=EventKind.REQUESTER_LEFT, changes=[gone, *confirm_waiting_guests(walk)], by=event.by
        )
        return
    if walk.offers.filter(answer="").exists():
        return
    officers = walk.live_officers()
    transition_walk(walk, WalkStatus.CANCELLED, kind=EventKind(event.kind), by=event.by, code=event.code)
    walk.assignments.filter(is_live=True).update(is_live=False, left_reason="cancelled")
    for officer in officers:
        officer_walk_cancelled(walk, officer)
