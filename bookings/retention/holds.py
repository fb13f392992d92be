"""Legal holds: an auditor keeps a booking from being erased for a time (docs/rules.md#legal-hold)."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import SecurityEventKind
from accounts.security_log import record_security_event
from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.models.legal_holds import LegalHold, active_hold
from bookings.retention.ledger import remove_hold, write_hold
from boroughs.models.officers import Officer, is_auditor
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, require
from walkandtalk.lib.rows import save_changes

LONGEST_HOLD = datetime.timedelta(days=365)
AFTER_RESTORE = "Repeated after a restored backup that did not have it."


@dataclass(frozen=True)
class Hold:
    until: datetime.date
    """The last day of the hold."""
    reason: str


@transaction.atomic
def place_hold(booking: Booking, hold: Hold, *, by: Officer) -> None:
    """Keep the booking from being erased until the end of a day, at most a year ahead. Renew a hold that it has."""
    require(is_auditor(by))
    now = timezone.now()
    lock_booking(booking)
    if booking.erased_at is not None:
        raise ActionError("Her details have been deleted already, so there is nothing left to hold.")
    if not london.today() <= hold.until <= london.today() + LONGEST_HOLD:
        raise ActionError("A hold ends today or later, and at most a year from today.")
    _end_active_hold(booking, at=now, by=by)
    LegalHold.objects.create(booking=booking, by=by, at=now, reason=hold.reason, until=hold.until)
    record_security_event(
        SecurityEventKind.ERASURE_HELD, officer=by, booking_id=booking.pk, route="audit:hold", reason=hold.reason
    )
    write_hold(booking, until=hold.until, by=by)


@transaction.atomic
def end_hold(booking: Booking, *, by: Officer) -> None:
    """End the hold before its last day. What was due to be erased is erased by the next run of the jobs."""
    require(is_auditor(by))
    lock_booking(booking)
    if not _end_active_hold(booking, at=timezone.now(), by=by):
        raise ActionError("This hold has ended already.")
    record_security_event(SecurityEventKind.HOLD_ENDED, officer=by, booking_id=booking.pk, route="audit:end_hold")
    remove_hold(booking)


@transaction.atomic
def reapply_hold(booking: Booking, *, until: datetime.date, by: Officer) -> bool:
    """Repeat a hold that a restored backup doesn't have. Return False if it has the hold, or the booking is erased."""
    lock_booking(booking)
    hold = active_hold(booking, timezone.now())
    if booking.erased_at is not None or (hold is not None and hold.until == until):
        return False
    _end_active_hold(booking, at=timezone.now(), by=None)
    LegalHold.objects.create(booking=booking, by=by, reason=AFTER_RESTORE, until=until)
    return True


@transaction.atomic
def reapply_end_of_hold(booking: Booking) -> None:
    """End a hold that was ended after the backup was made."""
    lock_booking(booking)
    _end_active_hold(booking, at=timezone.now(), by=None)


def _end_active_hold(booking: Booking, *, at: datetime.datetime, by: Officer | None) -> bool:
    hold = active_hold(booking, at)
    if hold is None:
        return False
    save_changes(hold, ended_at=at, ended_by=by)
    return True
