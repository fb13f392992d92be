"""What she says on her page about her walk, and what an inspector says who has reached her."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import emails
from bookings.actions.meanwhile import check_not_done_yet, lock_to_decide
from bookings.actions.moves import MoveNotAllowed, lock_booking, record
from bookings.models import Booking
from bookings.statuses import EventKind
from bookings.untold import was_not_told
from boroughs.models import Officer
from outbox.actions import settle, supersede


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
    settle(emails.her_thread(booking))
    record(EventKind.REACHED, booking=booking, by=by)


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
    supersede(emails.her_thread(booking), kinds=["missed_by_her"])
    event = record(EventKind.NOBODY_CAME, booking=booking)
    emails.team_nobody_came(booking, event)


@transaction.atomic
def stop_messages(booking: Booking) -> None:
    """Nothing is written to her any more, and what has not left yet stays here."""
    lock_booking(booking)
    if not booking.is_written_to:
        return
    booking.stopped_at = timezone.now()
    booking.save(update_fields=["stopped_at"])
    record(EventKind.STOPPED, booking=booking)
    supersede(emails.her_thread(booking))
