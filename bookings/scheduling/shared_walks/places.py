"""An inspector offers a waiting woman a place on a walk that there is. She says yes, and it is hers at once."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import check_unchanged, lock_booking, lock_women_of
from bookings.models.bookings import Booking
from bookings.models.offers import Offer
from bookings.models.sharing import Agreement
from bookings.models.walk_queries import PLACES_UNTIL, nobody_has_said_yes_to
from bookings.notices.card_updates import tell_company
from bookings.notices.officer_emails import officer_assigned, officer_walk_cancelled
from bookings.permissions import can_decide
from bookings.request_form.confirmation import confirm_booking
from bookings.scheduling.adjustments import Arranged, check_needs_arranged, keep_arrangements
from bookings.scheduling.offers.actions import (
    PLACE_IS_GONE,
    answer_offer,
    next_round,
    offer_in_words,
    open_offer,
    open_until,
    withdraw_places,
)
from bookings.scheduling.offers.emails import booking_place_offered, team_offer_answered
from bookings.scheduling.schedule.actions import put_on_walk
from bookings.sharing import have_agreed, may_share
from bookings.statuses import EventKind, GuestState, OfferAnswer, Status, Word
from bookings.transitions import move_booking, move_walk
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import BookingError, MoveNotAllowed, require
from walks.locks import lock_officers, lock_walk
from walks.models.walks import Walk
from walks.permissions import can_change_walk
from walks.statuses import WalkStatus


@transaction.atomic
def offer_place(
    booking: Booking,
    *,
    by: Officer,
    version: int,
    walk: Walk,
    place: str,
    arranged: Collection[Arranged] = (),
) -> None:
    """Offer her a place on this walk. What she needs is arranged before, since a yes books it.

    `place` says where about: the exact spot is hers once she has said yes.
    """
    lock_walk(walk)
    lock_booking(booking)
    require(can_decide(by, booking) and can_change_walk(by, walk))
    check_unchanged(booking, was_shown=version)
    if booking.status == Status.OFFERED:
        raise MoveNotAllowed("She has not answered the last offer. Wait for her answer, or take that offer back first.")
    if not may_share(booking):
        raise BookingError(
            "She is never put together with others: her messages are not hers alone, or somebody must not see her."
        )
    check_has_a_place(walk)
    if booking.confirmed_at is None and walk.guests.filter(state=GuestState.COMING).exists():
        raise BookingError("A guest comes along, whose name she may read only once she has confirmed that it is her.")
    keep_arrangements(booking, arranged, by=by)
    check_needs_arranged(booking)
    now = timezone.now()
    offer = Offer.objects.create(
        booking=booking,
        round=next_round(booking),
        rank=1,
        walk=walk,
        start_at=walk.start_at,
        place=place,
        by=by,
        offered_at=now,
        expires_at=open_until(now, walk.start_at),
    )
    event = move_booking(booking, Status.OFFERED, kind=EventKind.OFFERED, by=by, note=offer_in_words(offer))
    booking_place_offered(booking, event, offer=offer)


def check_has_a_place(walk: Walk) -> None:
    """For whoever offers it. The caller holds the walk."""
    if walk.status != WalkStatus.SCHEDULED:
        raise MoveNotAllowed(f"That walk is now “{walk.get_status_display().lower()}”. Choose another one.")
    if walk.start_at < timezone.now() + PLACES_UNTIL:
        raise BookingError("That walk is less than 24 hours away, so she would have no time to answer. Choose another.")
    women = list(walk.bookings.filter(status=Status.SCHEDULED))
    if walk.handler_id is not None or not all(may_share(woman) for woman in women):
        raise BookingError("Nobody may join that walk: a woman on it is kept apart. Choose another one.")
    if len(walk.live_officers()) < walk.bcu.min_officers:
        raise BookingError("That walk has too few officers now. Find another officer for it first.")
    if len(women) >= walk.capacity:
        raise BookingError(f"That walk is full: it takes {walk.capacity}. Choose another one.")
    if walk.guests.filter(state=GuestState.ASKED).exists():
        raise BookingError("The women on that walk are still asked about a guest. Wait, or take the guest back first.")
    if not have_agreed(walk):
        raise BookingError("Not every woman on that walk has said that others may join. Ask them first, and wait.")


@transaction.atomic
def accept_place(booking: Booking, *, offer: uuid.UUID) -> None:
    """She says yes, and is on the walk. Whoever says yes is there, so it confirms the booking too."""
    walk = Walk.objects.filter(offers=offer, offers__booking=booking).select_related("bcu").first()
    if walk is None:
        raise MoveNotAllowed(PLACE_IS_GONE)
    lock_officers(walk.live_officers())
    lock_walk(walk)
    held = lock_women_of(walk, besides=booking)
    booking.refresh_from_db()
    chosen = open_offer(booking, offer)
    women = [each for each in held if each.status == Status.SCHEDULED and each.walk_id == walk.pk]
    _check_is_still_there(booking, walk, women)
    confirm_booking(booking)
    answer_offer(chosen, OfferAnswer.YES)
    # She said yes to walking with others, as many as the offer named.
    Agreement.objects.update_or_create(
        walk=walk, booking=booking, guest=None, defaults={"answer": Word.YES, "answered_at": timezone.now()}
    )
    for guest in walk.guests.filter(state=GuestState.COMING):
        Agreement.objects.create(walk=walk, booking=booking, guest=guest, answer=Word.YES, answered_at=timezone.now())
    is_first = not walk.bookings.exists()
    event = record(EventKind.OFFER_ACCEPTED, booking=booking, note=offer_in_words(chosen))
    put_on_walk(booking, walk)
    team_offer_answered(booking, event, chosen=chosen)
    if is_first:  # who walks as a rule hears of it when somebody comes
        for officer in walk.live_officers():
            officer_assigned(walk, officer)
    tell_company(walk, women, kind=EventKind.JOINED, changes=[_("Another woman is coming too.")])
    if len(women) + 1 >= walk.capacity:
        withdraw_places(walk, [each for each in held if each.pk != booking.pk])


def _check_is_still_there(booking: Booking, walk: Walk, women: list[Booking]) -> None:
    if not may_share(booking):
        raise MoveNotAllowed(
            _("We cannot book this for you now that you want private messages. Say “None of these”, and we go on.")
        )
    if len(walk.live_officers()) < walk.bcu.min_officers:  # she has not said that fewer will do
        raise MoveNotAllowed(
            _("The officers are changing, so we cannot book this now. Your offer stands: please try again tomorrow.")
        )
    is_to_come = walk.status == WalkStatus.SCHEDULED and walk.start_at > timezone.now()
    if not is_to_come or len(women) >= walk.capacity or not have_agreed(walk):
        raise MoveNotAllowed(PLACE_IS_GONE)


@transaction.atomic
def release_walk(walk: Walk) -> None:
    """Nobody said yes to a place on it, and nobody else is on it: its officers are free again."""
    officers = lock_officers(walk.live_officers())
    lock_walk(walk)
    if not nobody_has_said_yes_to(Walk.objects.all(), timezone.now()).filter(pk=walk.pk).exists():
        return
    move_walk(walk, WalkStatus.CANCELLED, kind=EventKind.NOBODY_LEFT)
    walk.assignments.filter(is_live=True).update(is_live=False, left_reason="nobody_came_along")
    # They are told of a walk when somebody is on it. Where nobody ever was they know of none.
    for officer in officers if walk.bookings.exists() else ():
        officer_walk_cancelled(walk, officer)
