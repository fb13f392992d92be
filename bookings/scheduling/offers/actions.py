"""We offer her another time, and she picks one or none. What nobody answers runs out."""

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.locks import lock_booking, lock_to_decide
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.offers import ROUNDS, Offer
from bookings.request_form.confirmation import confirm_booking
from bookings.response_targets import due_after_offer
from bookings.scheduling.offers import emails
from bookings.statuses import EventKind, OfferAnswer, Status
from bookings.transitions import move_booking
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import BookingError, MoveNotAllowed
from walkandtalk.lib.plain_text import one_line
from walks.models.walks import Walk

MOST_AT_ONCE = 3
OPEN_FOR = datetime.timedelta(days=3)
SOONEST = datetime.timedelta(hours=24)
ANSWER_BEFORE = datetime.timedelta(hours=12)
"""How long before the first offered time an offer runs out at the latest: we still have to find officers."""

PLACE_IS_GONE = gettext_lazy(
    "This place is not free any more. We are sorry. Your request stands, and we go on looking."
)
"""Said whatever the reason is: it may be the word of a woman on that walk, which is nobody else's to know."""


@dataclass(frozen=True, kw_only=True)
class OfferedTime:
    """When and where about. Without an exact spot, names or phrase: whoever reads her post may read it."""

    start_at: datetime.datetime
    place: str


@transaction.atomic
def offer_times(booking: Booking, *, by: Officer, version: int, times: Sequence[OfferedTime]) -> None:
    """Offer her up to three other times. It is her turn now, until she answers or it runs out."""
    lock_to_decide(booking, by=by, was_shown=version)
    if booking.status == Status.OFFERED:
        raise MoveNotAllowed("She has not answered the last offer. Wait for her answer, or take that offer back first.")
    now = timezone.now()
    _check_times(times, now)
    first = min(time.start_at for time in times)
    number = next_round(booking)
    for rank, time in enumerate(times, start=1):
        Offer.objects.create(
            booking=booking,
            round=number,
            rank=rank,
            start_at=time.start_at,
            place=time.place,
            by=by,
            offered_at=now,
            expires_at=open_until(now, first),
        )
    offers = list(booking.offers.open())
    note = "\n".join(offer_in_words(offer) for offer in offers)
    event = move_booking(booking, Status.OFFERED, kind=EventKind.OFFERED, by=by, note=note)
    emails.booking_offered(booking, event, offers=offers)


def _check_times(times: Sequence[OfferedTime], now: datetime.datetime) -> None:
    if not 1 <= len(times) <= MOST_AT_ONCE:
        raise BookingError(f"Offer her one to {MOST_AT_ONCE} times.")
    if len({time.start_at for time in times}) < len(times):
        raise BookingError("Each time that you offer must be another one.")
    if any(time.start_at < now + SOONEST for time in times):
        raise BookingError("Each time must be at least 24 hours away, so that she has time to answer.")


def open_until(now: datetime.datetime, first: datetime.datetime) -> datetime.datetime:
    return min(now + OPEN_FOR, first - ANSWER_BEFORE)


def next_round(booking: Booking) -> int:
    so_far: int = booking.offers.aggregate(last=Max("round"))["last"] or 0
    if so_far >= ROUNDS:
        raise BookingError(
            f"She has been offered times {ROUNDS} times. Ring her if she allows it and schedule what suits her, "
            "or decline with something that she can do instead."
        )
    return so_far + 1


def offer_in_words(offer: Offer) -> str:
    return f"{offer.when}: {one_line(offer.place)}"


@transaction.atomic
def accept_offer(booking: Booking, *, offer: uuid.UUID) -> None:
    """She says yes to one time. Whoever says yes is there, so it confirms the booking too."""
    lock_booking(booking)
    chosen = open_offer(booking, offer)
    if chosen.is_place:
        raise ValueError("A place on a walk is accepted with the walk: `accept_place`.")
    confirm_booking(booking)
    answer_offer(chosen, OfferAnswer.YES)
    for other in booking.offers.open():
        answer_offer(other, OfferAnswer.NO)
    booking.needed_at = chosen.start_at
    event = back_to_waiting(booking, chosen, kind=EventKind.OFFER_ACCEPTED)
    emails.team_offer_answered(booking, event, chosen=chosen)


@transaction.atomic
def refuse_offers(booking: Booking, *, offer: uuid.UUID) -> None:
    """None of the round that this offer is of will do. Whoever says so is there, so it confirms the booking too."""
    lock_booking(booking)
    one = open_offer(booking, offer)
    confirm_booking(booking)
    event = say_no_to_all(booking, one)
    emails.team_offer_answered(booking, event)


def say_no_to_all(booking: Booking, one: Offer) -> Event:
    """To the whole round that this offer is of. The caller holds the booking, and tells the team."""
    for each in booking.offers.open():
        answer_offer(each, OfferAnswer.NO)
    return back_to_waiting(booking, one, kind=EventKind.OFFER_REFUSED)


@transaction.atomic
def lapse_offers(booking: Booking) -> None:
    """She did not answer in time. It is our turn again, and both sides are told."""
    lock_booking(booking)
    late = list(booking.offers.run_out(timezone.now()))
    if not late or booking.status != Status.OFFERED:
        return
    for each in late:
        answer_offer(each, OfferAnswer.LAPSED)
    event = back_to_waiting(booking, late[0], kind=EventKind.OFFER_LAPSED)
    emails.booking_offer_ended(booking, event)
    emails.team_offer_answered(booking, event)


@transaction.atomic
def withdraw_offers(booking: Booking, *, by: Officer, version: int) -> None:
    """Take back what she has not answered. She is told, since she may be about to."""
    lock_to_decide(booking, by=by, was_shown=version)
    first = booking.offers.open().first()
    if first is None or booking.status != Status.OFFERED:
        raise MoveNotAllowed("There is no offer to take back any more.")
    event = back_to_waiting(booking, first, kind=EventKind.OFFER_WITHDRAWN, by=by)
    emails.booking_offer_ended(booking, event)


def withdraw_places(walk: Walk, held: Collection[Booking], *, by: Officer | None = None) -> None:
    """Nobody may say yes to a place on this walk any more. The caller holds the walk and these bookings."""
    for booking in held:
        place = booking.offers.open().filter(walk=walk).first()
        if place is not None and booking.status == Status.OFFERED:
            event = back_to_waiting(booking, place, kind=EventKind.OFFER_WITHDRAWN, by=by)
            emails.booking_offer_ended(booking, event)


def open_offer(booking: Booking, pk: uuid.UUID) -> Offer:
    found = booking.offers.open().filter(pk=pk, expires_at__gt=timezone.now()).first()
    if found is None or booking.status != Status.OFFERED:
        if booking.offers.filter(pk=pk, walk__isnull=False, answer=OfferAnswer.WITHDRAWN).exists():
            raise MoveNotAllowed(PLACE_IS_GONE)
        raise MoveNotAllowed(_("This offer has ended, or you have answered it. Read below how things stand now."))
    return found


def answer_offer(offer: Offer, answer: OfferAnswer) -> None:
    offer.answer, offer.answered_at = answer, timezone.now()
    offer.save(update_fields=["answer", "answered_at"])


def back_to_waiting(booking: Booking, offer: Offer, *, kind: EventKind, by: Officer | None = None) -> Event:
    """Our turn again. What we promised her runs on from where it stood when it became hers.

    She reads that her request stands: where nobody has confirmed it, it does for as long as a new one.
    """
    note = offer_in_words(offer) if kind == EventKind.OFFER_ACCEPTED else ""
    event = move_booking(booking, Status.WAITING, kind=kind, by=by, note=note)
    booking.answered_at, booking.unconfirmed_since = None, event.at
    booking.answer_due_at = due_after_offer(
        booking.answer_due_at, offered_at=offer.offered_at, now=event.at, needed_at=booking.needed_at
    )
    booking.save(update_fields=["answered_at", "unconfirmed_since", "answer_due_at"])
    return event
