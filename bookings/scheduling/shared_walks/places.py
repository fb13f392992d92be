"""Offer a waiting requester a place on an existing walk. Accepting books it immediately."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import check_version, lock_booking, lock_bookings_on_walk
from bookings.models.bookings import Booking
from bookings.models.offers import Offer
from bookings.models.sharing import SharingConsent
from bookings.models.walk_queries import PLACE_OFFER_NOTICE, without_bookings_or_open_offers
from bookings.notices.card_updates import notify_companions_changed
from bookings.notices.officer_emails import send_officer_assigned, send_officer_walk_cancelled
from bookings.permissions import can_decide, can_share_walk
from bookings.request_form.confirmation import confirm_booking
from bookings.scheduling.adjustments import ArrangedAdjustment, check_adjustments_complete, save_adjustments
from bookings.scheduling.offers.actions import (
    PLACE_UNAVAILABLE,
    answer_offer,
    describe_offer,
    get_open_offer,
    next_offer_round,
    offer_expires_at,
    withdraw_place_offers,
)
from bookings.scheduling.offers.emails import send_booking_place_offered, send_team_offer_answered
from bookings.scheduling.schedule.actions import assign_booking_to_walk
from bookings.sharing import has_everyone_consented
from bookings.statuses import ConsentAnswer, EventKind, GuestState, OfferAnswer, Status
from bookings.transitions import transition_booking, transition_walk
from bookings.undo.recording import undoable
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walks.locks import lock_officers, lock_walk
from walks.models.walks import Walk
from walks.permissions import can_change_walk
from walks.statuses import WalkStatus


@dataclass(frozen=True, kw_only=True)
class PlaceOffer:
    """A walk, its rough area, and how each of the requester's needs is met.

    `place` is an area: the requester is told the exact meeting place once she accepts.
    """

    walk: Walk
    place: str
    arranged: Collection[ArrangedAdjustment] = ()


@transaction.atomic
def offer_place_on_walk(booking: Booking, place_offer: PlaceOffer, *, by: Officer, version: int) -> None:
    """Offer the requester a place on this walk. Her needs must be met beforehand, because accepting books it."""
    walk = place_offer.walk
    lock_walk(walk)
    lock_booking(booking)
    require(can_decide(by, booking) and can_change_walk(by, walk))
    check_version(booking, version=version)
    _check_may_be_offered(booking, walk)
    with undoable(EventKind.OFFERED, booking, by=by, walk=walk, starts_at=[walk.start_at]):
        save_adjustments(booking, place_offer.arranged, by=by)
        check_adjustments_complete(booking)
        now = timezone.now()
        offer = Offer.objects.create(
            booking=booking,
            round=next_offer_round(booking),
            rank=1,
            walk=walk,
            start_at=walk.start_at,
            place=place_offer.place,
            by=by,
            offered_at=now,
            expires_at=offer_expires_at(now, walk.start_at),
        )
        event = transition_booking(booking, Status.OFFERED, kind=EventKind.OFFERED, by=by, note=describe_offer(offer))
        send_booking_place_offered(booking, event, offer=offer)


def _check_may_be_offered(booking: Booking, walk: Walk) -> None:
    if booking.status == Status.OFFERED:
        raise TransitionNotAllowed(
            "She hasn’t answered the last offer. Wait for her answer, or withdraw that offer first."
        )
    if not can_share_walk(booking):
        raise ActionError("She can’t share a walk, because others may read her messages or her booking is restricted.")
    check_has_free_place(walk)
    if booking.confirmed_at is None and walk.guests.filter(state=GuestState.COMING).exists():
        raise ActionError("A guest is coming, and she can’t see the guest’s name until she’s confirmed her request.")


def check_has_free_place(walk: Walk) -> None:
    """Raise ActionError unless a place can be offered. The caller holds the lock on the walk."""
    if walk.status != WalkStatus.SCHEDULED:
        raise TransitionNotAllowed(f"That walk is now “{walk.get_status_display().lower()}”. Choose another one.")
    if walk.start_at < timezone.now() + PLACE_OFFER_NOTICE:
        raise ActionError("That walk is less than 24 hours away, so she would have no time to answer. Choose another.")
    bookings = list(walk.bookings.filter(status=Status.SCHEDULED))
    if walk.nominated_inspector_id is not None or not all(can_share_walk(booking) for booking in bookings):
        raise ActionError("Nobody can join that walk, because a woman on it can’t share her walk. Choose another one.")
    if len(walk.live_officers()) < walk.bcu.min_officers:
        raise ActionError("That walk has too few officers now. Find another officer for it first.")
    if len(bookings) >= walk.capacity:
        raise ActionError(f"That walk is full: it takes {walk.capacity}. Choose another one.")
    if walk.guests.filter(state=GuestState.ASKED).exists():
        raise ActionError("We’re still asking the women on that walk about a guest. Wait, or withdraw the guest first.")
    if not has_everyone_consented(walk):
        raise ActionError("Not every woman on that walk has agreed to others joining. Ask them first, and wait.")


@transaction.atomic
def accept_place(booking: Booking, *, offer: uuid.UUID) -> None:
    """Accept the place and join the walk. This also confirms the booking: the requester has answered herself."""
    walk = Walk.objects.filter(offers=offer, offers__booking=booking).select_related("bcu").first()
    if walk is None:
        raise TransitionNotAllowed(PLACE_UNAVAILABLE)
    lock_officers(walk.live_officers())
    lock_walk(walk)
    locked_bookings = lock_bookings_on_walk(walk, besides=booking)
    booking.refresh_from_db()
    accepted = get_open_offer(booking, offer)
    bookings = [row for row in locked_bookings if row.status == Status.SCHEDULED and row.walk_id == walk.pk]
    _check_place_still_free(booking, walk, bookings)
    confirm_booking(booking)
    answer_offer(accepted, OfferAnswer.YES)
    # By accepting, the requester also agrees to walk with as many women as the offer named.
    SharingConsent.objects.update_or_create(
        walk=walk, booking=booking, guest=None, defaults={"answer": ConsentAnswer.YES, "answered_at": timezone.now()}
    )
    for guest in walk.guests.filter(state=GuestState.COMING):
        SharingConsent.objects.create(
            walk=walk, booking=booking, guest=guest, answer=ConsentAnswer.YES, answered_at=timezone.now()
        )
    is_first = not walk.bookings.exists()
    event = record(EventKind.OFFER_ACCEPTED, booking=booking, note=describe_offer(accepted))
    assign_booking_to_walk(booking, walk)
    send_team_offer_answered(booking, event, accepted=accepted)
    if is_first:  # the usual officers are told once someone has joined
        for officer in walk.live_officers():
            send_officer_assigned(walk, officer)
    notify_companions_changed(
        walk, bookings, kind=EventKind.REQUESTER_JOINED, changes=[_("Another woman is coming too.")]
    )
    if len(bookings) + 1 >= walk.capacity:
        withdraw_place_offers(walk, [row for row in locked_bookings if row.pk != booking.pk])


def _check_place_still_free(booking: Booking, walk: Walk, bookings: list[Booking]) -> None:
    if not can_share_walk(booking):
        raise TransitionNotAllowed(
            _(
                "We can’t book this for you now that you’ve asked for private messages. Select “No, thank you”, and "
                "we’ll keep looking."
            )
        )
    if len(walk.live_officers()) < walk.bcu.min_officers:  # the requester has not agreed to fewer
        raise TransitionNotAllowed(
            _("The officers are changing, so we can’t book this now. You can still say yes: please try again tomorrow.")
        )
    is_upcoming = walk.status == WalkStatus.SCHEDULED and walk.start_at > timezone.now()
    if not is_upcoming or len(bookings) >= walk.capacity or not has_everyone_consented(walk):
        raise TransitionNotAllowed(PLACE_UNAVAILABLE)


@transaction.atomic
def cancel_empty_walk(walk: Walk) -> None:
    """Cancel a walk without bookings or open offers, and take its officers off it."""
    officers = lock_officers(walk.live_officers())
    lock_walk(walk)
    if not without_bookings_or_open_offers(Walk.objects.all(), timezone.now()).filter(pk=walk.pk).exists():
        return
    transition_walk(walk, WalkStatus.CANCELLED, kind=EventKind.NO_BOOKINGS_LEFT)
    walk.assignments.filter(is_live=True).update(is_live=False, left_reason="nobody_came_along")
    # Officers are told about a walk once it has a booking, so they need no message if it never had one.
    for officer in officers if walk.bookings.exists() else ():
        send_officer_walk_cancelled(walk, officer)
