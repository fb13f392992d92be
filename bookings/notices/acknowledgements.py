"""What the requester is known to know: she pressed "I have seen this", or an inspector spoke with her."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import check_not_done_yet, lock_booking, lock_to_decide
from bookings.models.bookings import Booking
from bookings.notices import threads
from bookings.notices.undelivered import was_not_told
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from outbox.actions import settle
from walkandtalk.lib.errors import MoveNotAllowed


@transaction.atomic
def see_news(booking: Booking, *, version: int) -> None:
    """She has seen what her page said at this version. It says nothing about news that came after it."""
    lock_booking(booking)
    if not booking.has_news or booking.seen_at is not None:
        return
    if booking.version != version:
        raise MoveNotAllowed(_("There is newer news, so please read this page again. Then press the button."))
    booking.seen_at = timezone.now()
    booking.save(update_fields=["seen_at"])
    record(EventKind.SEEN, booking=booking)


@transaction.atomic
def reach_booking(booking: Booking, *, by: Officer, version: int) -> None:
    """Somebody has spoken with her or met her, so she knows, or is not alone.

    Its version stays: it is no news to her, who may be reading her page at this moment.
    """
    lock_to_decide(booking, by=by, was_shown=version)
    now = timezone.now()
    if not (booking.has_to_be_reached or was_not_told(booking, now)):
        check_not_done_yet(booking, EventKind.REACHED, by=by)
        return
    booking.reached_at = booking.told_at = now
    booking.save(update_fields=["reached_at", "told_at"])
    settle(threads.her_thread(booking))
    record(EventKind.REACHED, booking=booking, by=by)
