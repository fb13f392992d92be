"""Record that the requester knows our news: she pressed "I’ve seen this", or a colleague spoke with her."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.decisions.spoken_with import SpokenWith, check_spoken_with
from bookings.events import record
from bookings.locks import check_not_done_by_colleague, lock_booking, lock_for_decision
from bookings.models.bookings import Booking
from bookings.notices import threads
from bookings.notices.undelivered import get_delivery_problem
from bookings.permissions import BookingAction, RequesterAction, available_actions, requester_actions
from bookings.statuses import ContactMethod, EventKind
from boroughs.models.officers import Officer
from outbox.actions import resolve_thread
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes


@transaction.atomic
def acknowledge_news(booking: Booking, *, version: int) -> None:
    """Record that the requester has seen her page at this version, which says nothing about later news."""
    lock_booking(booking)
    if RequesterAction.ACKNOWLEDGE not in requester_actions(booking, timezone.now()):
        return
    if booking.version != version:
        raise TransitionNotAllowed(_("There’s newer news, so please read this page again. Then press the button."))
    save_changes(booking.acknowledgement, acknowledged_at=timezone.now())
    record(EventKind.ACKNOWLEDGED, booking=booking)


@transaction.atomic
def record_contact(booking: Booking, spoken: SpokenWith, *, by: Officer, version: int) -> None:
    """Record how a colleague has spoken with the requester or met her, so she knows our news or is not alone.

    Raise ActionError unless she opened the number that she says she rang. The version stays the same, because this is
    not news to the requester, who may be reading her page now.
    """
    lock_for_decision(booking, by=by, version=version)
    now = timezone.now()
    if BookingAction.RECORD_CONTACT not in available_actions(booking, by, now) and not get_delivery_problem(
        booking, now
    ):
        check_not_done_by_colleague(booking, EventKind.CONTACTED, by=by)
        return
    require(spoken.method != ContactMethod.NOT_SPOKEN)
    check_spoken_with(booking, spoken, by=by)
    save_changes(booking.acknowledgement, contacted_at=now, informed_at=now)
    resolve_thread(threads.requester_thread(booking))
    record(EventKind.CONTACTED, booking=booking, by=by, code=spoken.method, note=spoken.note)
