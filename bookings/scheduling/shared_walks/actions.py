"""Whether others may join a walk. Each woman on it is asked, and without the yes of all of them nobody does."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.events import record
from bookings.locks import check_unchanged, lock_booking_with_walk, lock_bookings_of, lock_women_of
from bookings.models.bookings import Booking
from bookings.models.sharing import Agreement
from bookings.models.walk_queries import PLACES_UNTIL
from bookings.scheduling.offers.actions import withdraw_places
from bookings.scheduling.shared_walks import emails
from bookings.sharing import have_agreed, may_share, question_to
from bookings.statuses import EventKind, Word
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import BookingError, MoveNotAllowed, require
from walks.locks import lock_walk
from walks.models.walks import Walk
from walks.permissions import can_change_walk
from walks.statuses import WalkStatus


@transaction.atomic
def ask_company(walk: Walk, *, by: Officer, version: int, most: int) -> None:
    """Ask each woman on it whether others may join, at most so many women in all. She is told nothing of them."""
    lock_walk(walk)
    women = lock_bookings_of(walk)
    require(can_change_walk(by, walk))
    check_unchanged(walk, was_shown=version)
    if walk.status != WalkStatus.SCHEDULED or walk.start_at < timezone.now() + PLACES_UNTIL:
        raise MoveNotAllowed("It is too late to put anybody together on this walk: they would have no time to answer.")
    if walk.handler_id is not None or not all(may_share(woman) for woman in women):
        raise BookingError("Nobody may join this walk: a woman on it is kept apart.")
    asked = set(walk.agreements.filter(guest=None).values_list("booking_id", flat=True))
    to_ask = [woman for woman in women if woman.pk not in asked]
    if not to_ask:
        raise MoveNotAllowed("Everybody on this walk has been asked already. Their answers stand on its page.")
    if most <= len(women):
        raise BookingError(f"{len(women)} on this walk already, so the most women in all must be more than that.")
    walk.capacity = most
    walk.save(update_fields=["capacity"])
    for booking in to_ask:
        Agreement.objects.create(walk=walk, booking=booking, by=by)
        event = record(EventKind.COMPANY_ASKED, booking=booking, by=by)
        emails.booking_asked_about_company(booking, event)


@transaction.atomic
def answer_company(booking: Booking, *, may_join: bool) -> None:
    """Her word, which she may change until the walk. A no keeps out whoever has not said yes to a place yet."""
    walk = lock_booking_with_walk(booking)
    agreement = question_to(booking)
    if walk is None or agreement is None or walk.status != WalkStatus.SCHEDULED:
        raise MoveNotAllowed(_("This question is not open any more. Read below how things stand now."))
    word = Word.YES if may_join else Word.NO
    if agreement.answer == word:
        return
    agreement.answer, agreement.answered_at = word, timezone.now()
    agreement.save(update_fields=["answer", "answered_at"])
    event = record(EventKind.COMPANY_AGREED if may_join else EventKind.COMPANY_REFUSED, booking=booking)
    if not may_join:
        withdraw_places(walk, lock_women_of(walk))
    if not may_join or have_agreed(walk):
        emails.team_company_answered(walk, event, may_join=may_join)
