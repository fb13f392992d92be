"""Replace a PIN that the requester has forgotten. Staff never choose or learn a PIN that lasts."""

import datetime
import secrets

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.models.read_log import ReadLog
from bookings.permissions import can_issue_first_pin, can_reset_pin
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import ActionError, require
from walkandtalk.lib.rows import save_changes

RESET_PIN_LIFETIME = datetime.timedelta(minutes=30)
FIRST_PIN_LIFETIME = datetime.timedelta(days=3)
CALL_RECORDED_WITHIN = datetime.timedelta(minutes=30)


@transaction.atomic
def reset_pin(booking: Booking, *, by: Officer) -> str:
    """Return a one-time PIN to read out to the requester on the number that she gave. It is valid for half an hour.

    Her own PIN stays valid until she chooses a new one, so a call to the wrong person changes nothing for her.
    """
    lock_booking(booking)
    require(can_reset_pin(by, booking))
    since = timezone.now() - CALL_RECORDED_WITHIN
    if not ReadLog.objects.filter(booking=booking, officer=by, field="phone", at__gt=since).exists():
        raise ActionError("Show her number first, and ring it: only there is a new PIN read out.")
    pin = _set_one_time_pin(booking, lifetime=RESET_PIN_LIFETIME)
    record(EventKind.PIN_RESET, booking=booking, by=by)
    return pin


@transaction.atomic
def issue_first_pin(booking: Booking, *, by: Officer) -> str:
    """Return a one-time PIN to read out to the requester whose booking this inspector has just made.

    She has no other way to her page yet. Her page asks her to choose her own PIN, so that staff never learn one that
    lasts.
    """
    lock_booking(booking)
    took_booking = booking.events.filter(kind=EventKind.REQUESTED, by=by).exists()
    require(can_issue_first_pin(by, booking, took_booking=took_booking, now=timezone.now()))
    pin = _set_one_time_pin(booking, lifetime=FIRST_PIN_LIFETIME)
    record(EventKind.FIRST_PIN_ISSUED, booking=booking, by=by)
    return pin


def _set_one_time_pin(booking: Booking, *, lifetime: datetime.timedelta) -> str:
    pin = f"{secrets.randbelow(1_000_000):06}"
    save_changes(
        booking.contact,
        one_time_pin_hmac=tokens.pin_hmac(booking.pk, pin),
        one_time_pin_expires_at=timezone.now() + lifetime,
    )
    return pin


@transaction.atomic
def choose_pin(booking: Booking, *, pin: str) -> None:
    """Set the requester's own PIN, in place of the one she forgot."""
    lock_booking(booking)
    hers = tokens.pin_hmac(booking.pk, pin)
    save_changes(booking.contact, pin_hmac=hers, one_time_pin_hmac="", one_time_pin_expires_at=None)
    record(EventKind.PIN_CHOSEN, booking=booking)
