"""Replace a PIN that the requester has forgotten. Staff never choose or learn a PIN that lasts."""

import datetime
import secrets

from django.db import transaction
from django.utils import timezone

from bookings.approvals.actions import authorise
from bookings.decisions.spoken_with import SpokenWith
from bookings.events import record
from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from bookings.notices.security_notices import announce_team_act, current_route
from bookings.permissions import can_issue_first_pin, can_reset_pin
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import require
from walkandtalk.lib.rows import save_changes

RESET_PIN_LIFETIME = datetime.timedelta(minutes=30)
FIRST_PIN_LIFETIME = datetime.timedelta(days=3)


@transaction.atomic
def reset_pin(booking: Booking, spoken: SpokenWith, *, by: Officer) -> str:
    """Return a one-time PIN to read out to the requester. It is valid for half an hour.

    Her own PIN stays valid until she chooses a new one, so a call to the wrong person changes nothing for her.
    Raise ApprovalNeeded if a second inspector has to agree first.
    """
    lock_booking(booking)
    require(can_reset_pin(by, booking))
    approved_by = authorise(booking, EventKind.PIN_RESET, spoken, by=by)
    pin = set_one_time_pin(booking, lifetime=RESET_PIN_LIFETIME)
    event = record(
        EventKind.PIN_RESET, booking=booking, by=by, code=spoken.method, note=spoken.place, approved_by=approved_by
    )
    announce_team_act(booking, event, before=current_route(booking))
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
    pin = set_one_time_pin(booking, lifetime=FIRST_PIN_LIFETIME)
    event = record(EventKind.FIRST_PIN_ISSUED, booking=booking, by=by)
    announce_team_act(booking, event, before=current_route(booking))
    return pin


def set_one_time_pin(booking: Booking, *, lifetime: datetime.timedelta) -> str:
    """Set a new one-time PIN and return it. The caller holds the lock."""
    pin = f"{secrets.randbelow(1_000_000):06}"
    save_changes(
        booking.contact,
        one_time_pin_hmac=tokens.pin_hmac(booking.pk, pin),
        one_time_pin_expires_at=timezone.now() + lifetime,
    )
    return pin


@transaction.atomic
def choose_pin(booking: Booking, *, pin: str) -> None:
    """Set the requester's own PIN, in place of the one she forgot. Her page shows it; nothing is written to her."""
    lock_booking(booking)
    hers = tokens.pin_hmac(booking.pk, pin)
    save_changes(booking.contact, pin_hmac=hers, one_time_pin_hmac="", one_time_pin_expires_at=None)
    record(EventKind.PIN_CHOSEN, booking=booking)
