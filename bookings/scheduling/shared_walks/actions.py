"""Share a walk: others may join only after every requester on it has agreed."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import check_version, lock_booking_with_walk, lock_bookings_on_walk, lock_scheduled_bookings
from bookings.models.bookings import Booking
from bookings.models.sharing import SharingConsent
from bookings.models.walk_queries import PLACE_OFFER_NOTICE
from bookings.permissions import can_share_walk
from bookings.scheduling.offers.actions import withdraw_place_offers
from bookings.scheduling.shared_walks import emails
from bookings.sharing import find_sharing_question, has_everyone_consented
from bookings.statuses import ConsentAnswer, EventKind
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.locks import lock_walk
from walks.models.walks import Walk
from walks.permissions import can_change_walk
from walks.statuses import WalkStatus


@transaction.atomic
def ask_to_share_walk(walk: Walk, *, by: Officer, version: int, most: int) -> None:
    """Ask each requester whether others may join, up to `most` women in all, without naming them."""
    lock_walk(walk)
    bookings = lock_scheduled_bookings(walk)
    require(can_change_walk(by, walk))
    check_version(walk, version=version)
    if walk.status != WalkStatus.SCHEDULED or walk.start_at < timezone.now() + PLACE_OFFER_NOTICE:
        raise TransitionNotAllowed(
            "It’s too late to ask about sharing this walk: the women on it would have no time to answer."
        )
    if walk.nominated_inspector_id is not None or not all(can_share_walk(booking) for booking in bookings):
        raise ActionError("Nobody can join this walk, because a woman on it can’t share her walk.")
    already_asked = set(walk.sharing_consents.filter(guest=None).values_list("booking_id", flat=True))
    unanswered = [booking for booking in bookings if booking.pk not in already_asked]
    if not unanswered:
        raise TransitionNotAllowed("You’ve already asked everyone on this walk. The walk page shows their answers.")
    if most <= len(bookings):
        raise ActionError(f"Enter more than {len(bookings)}: that’s how many are on this walk already.")
    save_changes(walk, capacity=most)
    for booking in unanswered:
        SharingConsent.objects.create(walk=walk, booking=booking, by=by)
        event = record(EventKind.SHARING_ASKED, booking=booking, by=by)
        emails.send_booking_sharing_question(booking, event)


@transaction.atomic
def answer_sharing_consent(booking: Booking, *, may_join: bool) -> None:
    """Record the requester's answer, which she may change until the walk. A refusal withdraws open place offers."""
    walk = lock_booking_with_walk(booking)
    consent = find_sharing_question(booking)
    if walk is None or consent is None or walk.status != WalkStatus.SCHEDULED:
        raise TransitionNotAllowed(_("This question has closed. See the latest news below."))
    answer = ConsentAnswer.YES if may_join else ConsentAnswer.NO
    if consent.answer == answer:
        return
    save_changes(consent, answer=answer, answered_at=timezone.now())
    event = record(EventKind.SHARING_ACCEPTED if may_join else EventKind.SHARING_REFUSED, booking=booking)
    if not may_join:
        withdraw_place_offers(walk, lock_bookings_on_walk(walk))
    if not may_join or has_everyone_consented(walk):
        emails.send_team_sharing_answered(walk, event, may_join=may_join)
