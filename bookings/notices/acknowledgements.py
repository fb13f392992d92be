"""What the requester is known to know: she pressed "I have seen this", or an inspector spoke with her."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import check_not_done_by_colleague, lock_booking, lock_for_decision
from bookings.models.bookings import Booking
from bookings.notices import threads
from bookings.notices.undelivered import get_delivery_problem
from bookings.permissions import BookingAction, RequesterAction, available_actions, requester_actions
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from outbox.actions import resolve_thread
from walkandtalk.lib.errors import TransitionNotAllowed
from walkandtalk.lib.rows import save_changes


@transaction.atomic
def acknowledge_news(booking: Booking, *, version: int) -> None:
    """She has seen what her page said at this version. It says nothing about news that came after it."""
    lock_booking(booking)
    if RequesterAction.ACKNOWLEDGE not in requester_actions(booking, timezone.now()):
        return
    if booking.version != version:
        raise TransitionNotAllowed(_("There is newer news, so please read this page again. Then press the button."))
    save_changes(booking.acknowledgement, acknowledged_at=timezone.now())
    record(EventKind.ACKNOWLEDGED, booking=booking)


@transaction.atomic
def record_contact(booking: Booking, *, by: Officer, version: int) -> None:
    """Somebody has spoken with her or met her, so she knows, or is not alone.

    Its version stays: it is no news to her, who may be reading her page at this moment.
    """
    lock_for_decision(booking, by=by, version=version)
    now = timezone.now()
    if BookingAction.RECORD_CONTACT not in available_actions(booking, by, now) and not get_delivery_problem(
        booking, now
    ):
        check_not_done_by_colleague(booking, EventKind.CONTACTED, by=by)
        return
    save_changes(booking.acknowledgement, contacted_at=now, informed_at=now)
    resolve_thread(threads.requester_thread(booking))
    record(EventKind.CONTACTED, booking=booking, by=by)
