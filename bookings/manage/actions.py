"""Actions of a requester who returns to her page, with her reference and PIN or with a new link."""

import datetime
import uuid
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.limits import RateLimit, note_reached
from accounts.models import ONE_MINUTE, RateCount
from bookings.events import record
from bookings.locks import lock_booking
from bookings.manage.contact import emails
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.links import Link, LinkRequest
from bookings.models.wrong_pins import WrongPin
from bookings.notices.security_notices import announce_wrong_pins
from bookings.request_form.actions import HOUR, TooManyRequests
from bookings.request_form.confirmation import confirm_booking
from bookings.statuses import EventKind
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import ActionError


@transaction.atomic
def resend_link(booking: Booking, *, request_id: str) -> None:
    """Send the requester a link to her page, at the address on file."""
    lock_booking(booking)  # the address may be erased at the same moment
    emails.resent_link(booking, request_id=request_id)


PIN_TRIES = 5
PIN_LOCKOUT = datetime.timedelta(minutes=15)
PIN_SESSION_LIFETIME = datetime.timedelta(minutes=30)
UNKNOWN_BOOKING = uuid.UUID(int=0)


class PinWrong(ActionError):
    pass


class PinLocked(ActionError):
    def __init__(self, limit: RateLimit) -> None:
        self.limit = limit
        if limit.window == PIN_LOCKOUT:
            super().__init__(_("Too many tries. Wait 15 minutes, then try again."))
        else:
            super().__init__(_("Too many tries. Wait a day, then try again."))


class OpenedBooking(NamedTuple):
    booking: Booking
    token: str
    chooses_pin: bool  # the requester used a one-time PIN


def open_by_pin(booking: Booking, *, pin: str, network: str, allow_one_time: bool = False) -> bool:
    """Open the page if the PIN is right, and confirm the booking, because only the requester knows her PIN.

    With `allow_one_time`, a one-time PIN is also accepted. Return whether one was used, because the requester must then
    choose her own. Raise PinWrong or PinLocked.
    """
    contacts = BookingContact.objects.filter(pk=booking.pk)
    used_one_time = _check_pin(contacts, pin, key=f"pin {booking.reference} {network}", allow_one_time=allow_one_time)
    confirm_booking(booking)
    return used_one_time


def open_by_reference(*, reference: str, pin: str, network: str) -> OpenedBooking:
    """Return the booking with this reference and PIN, and a token for its page.

    A wrong reference gives the same error as a wrong PIN.
    """
    reference = tokens.normalise_reference(reference)
    contacts = BookingContact.objects.filter(booking__reference=reference)
    used_one_time = _check_pin(contacts, pin, key=f"pin {reference} {network}", allow_one_time=True)
    booking = Booking.objects.select_related("contact").get(reference=reference)
    confirm_booking(booking)
    token = Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=timezone.now() + PIN_SESSION_LIFETIME)
    return OpenedBooking(booking, token, used_one_time)


def _check_pin(contacts: QuerySet[BookingContact], pin: str, *, key: str, allow_one_time: bool) -> bool:
    """Check the PIN of a booking. Return whether a one-time PIN was used."""
    digits = "".join(pin.split())
    match = check_pin(key, lambda: _match_pin(contacts, digits, allow_one_time=allow_one_time))
    return match == PinMatch.ONE_TIME_PIN


def check_pin(
    key: str, match: Callable[[], tuple[uuid.UUID, "PinMatch"]], *, everywhere: RateLimit | None = None
) -> "PinMatch":
    """Return how the PIN matched, and pause after five wrong tries for one reference from one network.

    `everywhere` limits one reference across all networks. Bookings have none, because it would let an abuser lock the
    requester out. An unknown reference costs the same queries as a wrong PIN. Raise PinWrong or PinLocked.
    """
    limits = [RateLimit(key, PIN_LOCKOUT, PIN_TRIES), *([everywhere] if everywhere else [])]
    with transaction.atomic():
        for limit in limits:
            RateCount.objects.lock_key(limit.key)
        paused = next((each for each in limits if _wrong_tries(each) >= each.limit), None)
        row, found = UNKNOWN_BOOKING, PinMatch.NONE
        if paused is None:
            row, found = match()
            if found == PinMatch.NONE:
                for limit in limits:
                    RateCount.objects.increment(limit.key, window=ONE_MINUTE)
                WrongPin.objects.create(booking_key=row)
    if paused is not None:
        note_reached(paused)
        raise PinLocked(paused)
    if found == PinMatch.NONE:
        raise PinWrong(_("That reference and PIN don’t match. Check both and try again."))
    return found


def _wrong_tries(limit: RateLimit) -> int:
    return RateCount.objects.count_within(limit.key, within=limit.window)


class PinMatch(Enum):
    NONE = 0
    OWN_PIN = 1
    ONE_TIME_PIN = 2


def _match_pin(contacts: QuerySet[BookingContact], pin: str, *, allow_one_time: bool) -> tuple[uuid.UUID, PinMatch]:
    known = contacts.values_list("pk", "pin_hmac", "one_time_pin_hmac", "one_time_pin_expires_at").first()
    pk, own, one_time, until = known or (UNKNOWN_BOOKING, "", "", None)
    is_own, is_one_time = tokens.pin_matches(pk, pin, own), tokens.pin_matches(pk, pin, one_time)
    if is_own:
        return pk, PinMatch.OWN_PIN
    if not (allow_one_time and is_one_time and until and until > timezone.now()):
        return pk, PinMatch.NONE
    # A one-time PIN works once, even if it is entered twice at the same moment.
    was_unused = BookingContact.objects.filter(pk=pk, one_time_pin_hmac=one_time).update(
        one_time_pin_hmac="", one_time_pin_expires_at=None
    )
    return pk, PinMatch.ONE_TIME_PIN if was_unused else PinMatch.NONE


@transaction.atomic
def record_wrong_pins(booking: Booking, *, day: datetime.date) -> None:
    """Tell the requester of the wrong PINs of this day, once. Her own PIN stays valid: nobody can lock her out."""
    lock_booking(booking)
    code = day.isoformat()
    if booking.erased_at is None and not booking.events.filter(kind=EventKind.WRONG_PINS, code=code).exists():
        announce_wrong_pins(booking, record(EventKind.WRONG_PINS, booking=booking, code=code), day=day)


@transaction.atomic
def request_link(reference: str, *, network: str) -> None:
    """Record the request. A worker decides whether there is a link to send (docs/rules.md#link-requests).

    The limit counts the sender's network and never the reference, so a refusal reveals nothing about the reference.
    """
    if RateCount.objects.increment_all(
        network=RateLimit(f"link from {network}", HOUR, settings.LINKS_PER_NETWORK_AN_HOUR)
    ):
        raise TooManyRequests(_("We can’t send any more links right now. Enter your PIN as well, or wait an hour."))
    LinkRequest.objects.create(reference=tokens.normalise_reference(reference))
