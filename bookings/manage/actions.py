"""She comes back, with her reference and her PIN."""

import datetime
import uuid
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import A_MINUTE, Limit, RateCount
from bookings.locks import lock_booking
from bookings.manage.contact import emails
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.links import Link, LinkRequest
from bookings.request_form.actions import HOUR, TooManyRequests
from bookings.request_form.confirmation import confirm_booking
from walkandtalk.lib import tokens
from walkandtalk.lib.errors import BookingError


@transaction.atomic
def send_link_again(booking: Booking, *, request_id: str) -> None:
    """Send her the way back to her page, to the address on file."""
    lock_booking(booking)  # her address may be forgotten at this very moment
    emails.link_sent_again(booking, request_id=request_id)


PIN_TRIES = 5
PIN_PAUSE = datetime.timedelta(minutes=15)
PIN_GOOD_FOR = datetime.timedelta(minutes=30)
NOBODY = uuid.UUID(int=0)


class PinWrong(BookingError):
    pass


class PinPaused(BookingError):
    pass


class Opened(NamedTuple):
    booking: Booking
    token: str
    chooses_pin: bool  # by the PIN that we read out to her, which is good for this once


def open_by_pin(booking: Booking, *, pin: str, network: str, once: bool = False) -> bool:
    """Let her in, or say why not. A right PIN is an act of hers, so it confirms the booking.

    With `once` the PIN that we read out to her is right too. Says whether it was that one: then she has to choose hers.
    """
    of_the_page = BookingContact.objects.filter(pk=booking.pk)
    was_once = _check_pin(of_the_page, pin, key=f"pin {booking.reference} {network}", once=once)
    confirm_booking(booking)
    return was_once


def open_by_reference(*, reference: str, pin: str, network: str) -> Opened:
    """The booking of this reference and PIN, and a token for its page. A wrong reference reads as a wrong PIN does."""
    reference = tokens.normalise_reference(reference)
    of_the_reference = BookingContact.objects.filter(booking__reference=reference)
    was_once = _check_pin(of_the_reference, pin, key=f"pin {reference} {network}", once=True)
    booking = Booking.objects.select_related("contact").get(reference=reference)
    confirm_booking(booking)
    token = Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=timezone.now() + PIN_GOOD_FOR)
    return Opened(booking, token, was_once)


def _check_pin(contacts: QuerySet[BookingContact], pin: str, *, key: str, once: bool) -> bool:
    """Five wrong tries a booking and network, then a pause: one for all networks would let her abuser lock her out.

    A booking that there is not costs the same queries as a wrong PIN. Says whether it was a PIN for this once.
    """
    with transaction.atomic():
        RateCount.objects.hold(key)
        paused = RateCount.objects.lately(key, within=PIN_PAUSE) >= PIN_TRIES
        found = Match.NONE if paused else _match(contacts, "".join(pin.split()), once=once)
        if not paused and found == Match.NONE:
            RateCount.objects.hit(key, window=A_MINUTE)
    if paused:
        raise PinPaused(_("Too many tries. Wait 15 minutes, then try again."))
    if found == Match.NONE:
        raise PinWrong(_("That reference and PIN do not go together. Check both and try again."))
    return found == Match.ONCE


class Match(Enum):
    NONE = 0
    HERS = 1
    ONCE = 2


def _match(contacts: QuerySet[BookingContact], pin: str, *, once: bool) -> Match:
    known = contacts.values_list("pk", "pin_hmac", "once_pin_hmac", "once_pin_until").first()
    pk, hers, read_out, until = known or (NOBODY, "", "", None)
    is_hers, is_read_out = tokens.pin_matches(pk, pin, hers), tokens.pin_matches(pk, pin, read_out)
    if is_hers:
        return Match.HERS
    if not (once and is_read_out and until and until > timezone.now()):
        return Match.NONE
    # Whoever enters it at the same moment finds it gone.
    taken = BookingContact.objects.filter(pk=pk, once_pin_hmac=read_out).update(once_pin_hmac="", once_pin_until=None)
    return Match.ONCE if taken else Match.NONE


@transaction.atomic
def ask_for_link(reference: str, *, network: str) -> None:
    """Write the request down. A worker decides whether there is anything to send (docs/rules.md#link-requests).

    The limit looks at who asks and never at the reference, so that being refused tells nothing of it either.
    """
    if RateCount.objects.take(network=Limit(f"link from {network}", HOUR, settings.LINKS_PER_NETWORK_AN_HOUR)):
        raise TooManyRequests(_("More links were asked for than we can send. Enter your PIN as well, or wait an hour."))
    LinkRequest.objects.create(reference=tokens.normalise_reference(reference))
