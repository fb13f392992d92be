"""She comes back, with her reference and her PIN."""

import datetime
import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.actions.moves import BookingError
from bookings.actions.requests import confirm_booking
from bookings.models import Booking, Link, LinkRequest, RateCount
from walkandtalk.lib import tokens

PIN_TRIES = 5
PIN_PAUSE = datetime.timedelta(minutes=15)
PIN_GOOD_FOR = datetime.timedelta(minutes=30)
NOBODY = uuid.UUID(int=0)


class PinWrong(BookingError):
    pass


class PinPaused(BookingError):
    pass


def open_by_pin(booking: Booking, *, pin: str, network: str) -> None:
    """Let her in, or say why not. A right PIN is an act of hers, so it confirms the booking."""
    _check_pin(booking, pin, key=f"pin {booking.reference} {network}")
    confirm_booking(booking)


def open_by_reference(*, reference: str, pin: str, network: str) -> tuple[Booking, str]:
    """The booking of this reference and PIN, and a token for its page. A wrong reference reads as a wrong PIN does."""
    reference = tokens.normalise_reference(reference)
    booking = Booking.objects.select_related("contact").filter(reference=reference).first()
    booking = _check_pin(booking, pin, key=f"pin {reference} {network}")
    confirm_booking(booking)
    token = Link.objects.mint(booking, Link.Purpose.PAGE, expires_at=timezone.now() + PIN_GOOD_FOR)
    return booking, token


def _check_pin(booking: Booking | None, pin: str, *, key: str) -> Booking:
    """Five wrong tries a booking and network, then a pause: one for all networks would let her abuser lock her out."""
    if RateCount.objects.so_far(key, window=PIN_PAUSE) >= PIN_TRIES:
        raise PinPaused(_("Too many tries. Wait 15 minutes, then try again."))
    pepper, known = (booking.pk, booking.contact.pin_hmac) if booking is not None else (NOBODY, "")
    if not tokens.pin_matches(pepper, "".join(pin.split()), known) or booking is None:
        RateCount.objects.hit(key, window=PIN_PAUSE)
        raise PinWrong(_("That reference and PIN do not go together. Check both and try again."))
    return booking


def ask_for_link(reference: str) -> None:
    """Write the wish down. A worker decides whether there is anything to send (MODEL.md, rule 6)."""
    LinkRequest.objects.create(reference=tokens.normalise_reference(reference))
