"""A PIN that she has forgotten. Nobody of ours ever chooses, or learns, one that lasts."""

import datetime
import secrets

from django.db import transaction
from django.utils import timezone

from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.models.read_log import ReadLog
from bookings.permissions import can_give_first_pin, can_reset_pin
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import BookingError, require

ONCE_GOOD_FOR = datetime.timedelta(minutes=30)
FIRST_GOOD_FOR = datetime.timedelta(days=3)
RANG_WITHIN = datetime.timedelta(minutes=30)


@transaction.atomic
def reset_pin(booking: Booking, *, by: Officer) -> str:
    """Six digits to read out to her, on the number that she gave. They are good once, for half an hour.

    Her own PIN goes on until she has chosen another: a call that was not hers changes nothing for her.
    """
    lock_booking(booking)
    require(can_reset_pin(by, booking))
    since = timezone.now() - RANG_WITHIN
    if not ReadLog.objects.filter(booking=booking, officer=by, field="phone", at__gt=since).exists():
        raise BookingError("Show her number first, and ring it: only there is a new PIN read out.")
    pin = _put_once_pin(booking, good_for=ONCE_GOOD_FOR)
    record(EventKind.PIN_RESET, booking=booking, by=by)
    return pin


@transaction.atomic
def give_first_pin(booking: Booking, *, by: Officer) -> str:
    """Six digits to read out to her for whom this inspector has just made the booking. They are good once.

    She has no other way to her page yet, and nobody of ours learns a PIN that lasts: her page asks for one of her own.
    """
    lock_booking(booking)
    took_it_down = booking.events.filter(kind=EventKind.REQUESTED, by=by).exists()
    require(can_give_first_pin(by, booking, took_it_down=took_it_down, now=timezone.now()))
    pin = _put_once_pin(booking, good_for=FIRST_GOOD_FOR)
    record(EventKind.PIN_FIRST, booking=booking, by=by)
    return pin


def _put_once_pin(booking: Booking, *, good_for: datetime.timedelta) -> str:
    pin = f"{secrets.randbelow(1_000_000):06}"
    contact = booking.contact
    contact.once_pin_hmac, contact.once_pin_until = tokens.pin_hmac(booking.pk, pin), timezone.now() + good_for
    contact.save(update_fields=["once_pin_hmac", "once_pin_until"])
    return pin


@transaction.atomic
def choose_pin(booking: Booking, *, pin: str) -> None:
    """Her own again, in place of the one she forgot."""
    lock_booking(booking)
    contact = booking.contact
    contact.pin_hmac, contact.once_pin_hmac, contact.once_pin_until = tokens.pin_hmac(booking.pk, pin), "", None
    contact.save(update_fields=["pin_hmac", "once_pin_hmac", "once_pin_until"])
    record(EventKind.PIN_CHOSEN, booking=booking)
