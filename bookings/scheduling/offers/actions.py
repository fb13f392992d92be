"""Offer a requester other times. She accepts one or none, and unanswered offers expire."""

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.locks import lock_booking, lock_for_decision
from bookings.models.bookings import Booking
from bookings.models.events import Event
from bookings.models.offers import MAX_ROUNDS, Offer
from bookings.permissions import BookingAction, available_actions
from bookings.request_form.confirmation import confirm_booking
from bookings.response_targets import answer_due_after_offer
from bookings.scheduling.offers import emails
from bookings.statuses import EventKind, OfferAnswer, Status
from bookings.transitions import transition_booking
from bookings.undo.recording import undoable
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walkandtalk.lib.plain_text import one_line
from walkandtalk.lib.rows import save_changes
from walks.models.walks import Walk

MAX_OFFERED_TIMES = 3
OFFER_LIFETIME = datetime.timedelta(days=3)
MINIMUM_NOTICE = datetime.timedelta(hours=24)
ANSWER_BEFORE_START = datetime.timedelta(hours=12)
"""An offer expires at least this long before its first time, so that we can still find officers."""

PLACE_UNAVAILABLE = gettext_lazy(
    "We’re sorry, this place isn’t free any more. We still have your request, and we’ll keep looking."
)
"""The same message for every reason, because the reason may be another requester's private answer."""


@dataclass(frozen=True, kw_only=True)
class OfferedTime:
    """A time and an area, without an exact place, names or a phrase, because others may read the email."""

    start_at: datetime.datetime
    place: str


@transaction.atomic
def offer_times(booking: Booking, *, by: Officer, version: int, times: Sequence[OfferedTime]) -> None:
    """Offer the requester up to three other times. It is her turn until she answers or the offers expire."""
    lock_for_decision(booking, by=by, version=version)
    if booking.status == Status.OFFERED:
        raise TransitionNotAllowed(
            "She hasn’t answered the last offer. Wait for her answer, or withdraw that offer first."
        )
    now = timezone.now()
    _check_times(times, now)
    first = min(time.start_at for time in times)
    number = next_offer_round(booking)
    with undoable(EventKind.OFFERED, booking, by=by):
        for rank, time in enumerate(times, start=1):
            Offer.objects.create(
                booking=booking,
                round=number,
                rank=rank,
                start_at=time.start_at,
                place=time.place,
                by=by,
                offered_at=now,
                expires_at=offer_expires_at(now, first),
            )
        offers = list(booking.offers.open())
        note = "\n".join(describe_offer(offer) for offer in offers)
        event = transition_booking(booking, Status.OFFERED, kind=EventKind.OFFERED, by=by, note=note)
        emails.send_booking_offered(booking, event, offers=offers)


def _check_times(times: Sequence[OfferedTime], now: datetime.datetime) -> None:
    if not 1 <= len(times) <= MAX_OFFERED_TIMES:
        raise ActionError(f"Offer her one to {MAX_OFFERED_TIMES} times.")
    if len({time.start_at for time in times}) < len(times):
        raise ActionError("You’ve offered the same time twice. Make each time different.")
    if any(time.start_at < now + MINIMUM_NOTICE for time in times):
        raise ActionError("Each time must be at least 24 hours away, so that she has time to answer.")


def offer_expires_at(now: datetime.datetime, first: datetime.datetime) -> datetime.datetime:
    return min(now + OFFER_LIFETIME, first - ANSWER_BEFORE_START)


def next_offer_round(booking: Booking) -> int:
    current_count: int = booking.offers.aggregate(last=Max("round"))["last"] or 0
    if current_count >= MAX_ROUNDS:
        raise ActionError(
            f"She’s already had {MAX_ROUNDS} rounds of offers. Ring her if she allows it and schedule what suits her, "
            "or decline and say what she can do instead."
        )
    return current_count + 1


def describe_offer(offer: Offer) -> str:
    return f"{offer.when}: {one_line(offer.place)}"


@transaction.atomic
def accept_offer(booking: Booking, *, offer: uuid.UUID) -> None:
    """Accept one time. This also confirms the booking: the requester has answered herself."""
    lock_booking(booking)
    accepted = get_open_offer(booking, offer)
    if accepted.is_place_on_walk:
        raise ValueError("Use `accept_place` to accept a place on a walk.")
    confirm_booking(booking)
    answer_offer(accepted, OfferAnswer.YES)
    for other in booking.offers.open():
        answer_offer(other, OfferAnswer.NO)
    event = return_to_waiting(booking, accepted, kind=EventKind.OFFER_ACCEPTED)
    emails.send_team_offer_answered(booking, event, accepted=accepted)


@transaction.atomic
def decline_offers(booking: Booking, *, offer: uuid.UUID) -> None:
    """Decline every offer in this round. This also confirms the booking: the requester has answered herself."""
    lock_booking(booking)
    declined = get_open_offer(booking, offer)
    confirm_booking(booking)
    event = decline_round(booking, declined)
    emails.send_team_offer_answered(booking, event)


def decline_round(booking: Booking, offer: Offer) -> Event:
    """Decline every offer in this round. The caller holds the lock on the booking, and tells the team."""
    for open_offer in booking.offers.open():
        answer_offer(open_offer, OfferAnswer.NO)
    return return_to_waiting(booking, offer, kind=EventKind.OFFER_DECLINED)


@transaction.atomic
def expire_offers(booking: Booking) -> None:
    """Expire offers that were not answered in time, and tell the requester and the team."""
    lock_booking(booking)
    expired = list(booking.offers.expired(timezone.now()))
    if not expired or booking.status != Status.OFFERED:
        return
    for offer in expired:
        answer_offer(offer, OfferAnswer.EXPIRED)
    event = return_to_waiting(booking, expired[0], kind=EventKind.OFFER_EXPIRED)
    emails.send_booking_offer_ended(booking, event)
    emails.send_team_offer_answered(booking, event)


@transaction.atomic
def withdraw_offers(booking: Booking, *, by: Officer, version: int) -> None:
    """Withdraw the open offers, and tell the requester, who may be about to answer."""
    lock_for_decision(booking, by=by, version=version)
    first = booking.offers.open().first()
    if first is None or BookingAction.WITHDRAW_OFFER not in available_actions(booking, by, timezone.now()):
        raise TransitionNotAllowed("There’s no longer an offer to withdraw.")
    event = return_to_waiting(booking, first, kind=EventKind.OFFER_WITHDRAWN, by=by)
    emails.send_booking_offer_ended(booking, event)


def withdraw_place_offers(walk: Walk, held: Collection[Booking], *, by: Officer | None = None) -> None:
    """Withdraw all open place offers on this walk. The caller holds the locks on the walk and these bookings."""
    for booking in held:
        place = booking.offers.open().filter(walk=walk).first()
        if place is not None and booking.status == Status.OFFERED:
            event = return_to_waiting(booking, place, kind=EventKind.OFFER_WITHDRAWN, by=by)
            emails.send_booking_offer_ended(booking, event)


def get_open_offer(booking: Booking, pk: uuid.UUID) -> Offer:
    offer = booking.offers.open().filter(pk=pk, expires_at__gt=timezone.now()).first()
    if offer is None or booking.status != Status.OFFERED:
        if booking.offers.filter(pk=pk, walk__isnull=False, answer=OfferAnswer.WITHDRAWN).exists():
            raise TransitionNotAllowed(PLACE_UNAVAILABLE)
        raise TransitionNotAllowed(_("This offer has ended, or you’ve already answered it. See the latest news below."))
    return offer


def answer_offer(offer: Offer, answer: OfferAnswer) -> None:
    save_changes(offer, answer=answer, answered_at=timezone.now())


def return_to_waiting(booking: Booking, offer: Offer, *, kind: EventKind, by: Officer | None = None) -> Event:
    """Return the booking to the queue, with the response target extended by the time the offer was open.

    The requester is told that her request stays open, so an unconfirmed booking stays open for as long as a new one.
    """
    now, is_accepted = timezone.now(), kind == EventKind.OFFER_ACCEPTED
    needed_at = offer.start_at if is_accepted else booking.walk_needed_at
    changes = {
        "walk_needed_at": needed_at,
        "answered_at": None,
        "unconfirmed_since": now,
        "answer_due_at": answer_due_after_offer(
            booking.answer_due_at, offered_at=offer.offered_at, now=now, walk_needed_at=needed_at
        ),
    }
    note = describe_offer(offer) if is_accepted else ""
    return transition_booking(booking, Status.WAITING, kind=kind, by=by, note=note, changes=changes)
