"""Freeze a booking whose requester says “This wasn’t me”, and lift the freeze after speaking with her.

A freeze restores nothing and cancels nothing: the earlier PIN or address may be the abuser's
(docs/rules.md#this-wasnt-me).
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bookings.approvals.actions import authorise
from bookings.decisions.spoken_with import SpokenWith
from bookings.events import record
from bookings.locks import lock_booking
from bookings.manage.contact.actions import replace_email_address
from bookings.manage.freeze import emails
from bookings.manage.pins.actions import RESET_PIN_LIFETIME, set_one_time_pin
from bookings.models.bookings import Booking
from bookings.models.claims import Claim
from bookings.models.freezes import Freeze
from bookings.notices.security_notices import announce_team_act
from bookings.notices.threads import requester_thread
from bookings.permissions import can_lift_freeze
from bookings.retention.ledger import remove_request
from bookings.statuses import EventKind
from boroughs.models.officers import Officer
from outbox.actions import supersede
from outbox.models import Message
from walkandtalk.lib.errors import require
from walkandtalk.lib.rows import save_changes


@transaction.atomic
def freeze_booking(booking: Booking) -> None:
    """Freeze the booking: no link or PIN opens it, no message goes out, and an inspector of another BCU decides.

    Freezing it twice does nothing more. A scheduled walk goes ahead: its officers keep time, place, phrase and buttons.
    A deletion that someone asked for is called off, because it might not have been the requester who asked.
    """
    lock_booking(booking)
    if booking.frozen_at is not None or booking.erased_at is not None:
        return
    now = timezone.now()
    besides = booking.nominated_inspector or _last_reviewer(booking)
    Freeze.objects.create(booking=booking, at=now, previous_nominated_inspector=booking.nominated_inspector)
    reviewer = Officer.objects.nominated_inspector_for(booking.bcu, besides=besides)
    save_changes(
        booking,
        frozen_at=now,
        erasure_due_at=None,
        version=booking.version + 1,
        nominated_inspector=reviewer or booking.nominated_inspector,
    )
    remove_request(booking)
    Claim.objects.filter(booking=booking).delete()
    was_not_told = Message.objects.in_thread(requester_thread(booking)).unsent().filter(is_held=True).exists()
    supersede(requester_thread(booking))
    event = record(EventKind.FROZEN, booking=booking)
    emails.booking_frozen(booking, event, was_not_told=was_not_told)


def _last_reviewer(booking: Booking) -> Officer | None:
    """Return the inspector who lifted the last freeze: the requester may now be reporting what that inspector did."""
    last = booking.freezes.filter(lifted_by__isnull=False).select_related("lifted_by").order_by("lifted_at").last()
    return last.lifted_by if last is not None else None


@dataclass(frozen=True, kw_only=True)
class Unfreeze:
    """How the inspector spoke with the requester, her right address, and whether her team may decide again."""

    spoken: SpokenWith
    email: str
    returns_to_team: bool


@transaction.atomic
def lift_freeze(booking: Booking, unfreeze: Unfreeze, *, by: Officer) -> str:
    """Lift the freeze, and return a one-time PIN to read out to the requester.

    Every earlier link and PIN stays dead. She chooses a new PIN with the one that she is told.
    """
    lock_booking(booking)
    require(can_lift_freeze(by, booking))
    approved_by = authorise(booking, EventKind.UNFROZEN, unfreeze.spoken, by=by, email=unfreeze.email)
    freeze = booking.freezes.get(lifted_at=None)
    save_changes(freeze, lifted_at=timezone.now(), lifted_by=by)
    inspector = freeze.previous_nominated_inspector if unfreeze.returns_to_team else booking.nominated_inspector
    save_changes(booking, frozen_at=None, nominated_inspector=inspector, version=booking.version + 1)
    booking.links.filter(revoked_at=None).update(revoked_at=timezone.now())
    save_changes(booking.contact, pin_hmac="")
    pin = set_one_time_pin(booking, lifetime=RESET_PIN_LIFETIME)
    event = record(
        EventKind.UNFROZEN,
        booking=booking,
        by=by,
        code=unfreeze.spoken.method,
        note=unfreeze.spoken.place,
        approved_by=approved_by,
    )
    if unfreeze.email and unfreeze.email != booking.contact.email:
        replace_email_address(booking, unfreeze.email, is_verified=True, by=by)
    announce_team_act(booking, event, before=None)
    return pin
