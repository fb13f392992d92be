"""An officer cannot come and nobody takes her place: we ask each woman on the walk whether one officer will do."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.events import record
from bookings.locks import check_unchanged, lock_bookings_of
from bookings.models.bookings import Booking
from bookings.models.one_officer import OneOfficerQuestion
from bookings.notices.card_updates import reissue_card
from bookings.on_the_day.one_officer import emails
from bookings.permissions import can_confirm_by_phone
from bookings.statuses import EventKind, Need, OfferAnswer
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import BookingError, MoveNotAllowed, require
from walks.locks import lock_officers, lock_walk
from walks.models.walks import Walk
from walks.permissions import can_change_walk
from walks.statuses import WalkStatus

ENDED = gettext_lazy("This question has been answered, or has ended. Read below how things stand now.")


@transaction.atomic
def ask_about_one(walk: Walk, *, by: Officer, version: int) -> None:
    """Ask whoever is on this walk. It stays on the list until all of them have said yes."""
    lock_officers(walk.live_officers())
    lock_walk(walk)
    bookings = lock_bookings_of(walk)
    require(can_change_walk(by, walk))
    check_unchanged(walk, was_shown=version)
    if reason := why_not_to_ask(walk, bookings):
        raise BookingError(reason)
    (officer,) = walk.live_officers()
    walk.revision += 1
    walk.save(update_fields=["revision"])
    record(EventKind.ASKED_ABOUT_ONE, walk=walk, by=by)
    for booking in bookings:
        OneOfficerQuestion.objects.create(booking=booking, walk=walk, by=by)
        booking.walk = walk
        event = record(EventKind.ASKED_ABOUT_ONE, booking=booking, by=by)
        emails.booking_asked_about_one(booking, event, officer=officer)


def why_not_to_ask(walk: Walk, bookings: list[Booking]) -> str:
    """Why nobody is asked about one officer here. Empty where they may be."""
    if not _is_to_come(walk):
        return "This walk is not to come any more."
    if not walk.is_short or len(walk.live_officers()) != 1:
        return "Ask about one officer only when one is left and the rule is more. Replace the other, or cancel."
    if any(Need.TWO_OFFICERS in booking.contact.needs for booking in bookings):
        return "She asked for two officers, never one, so she is not asked. Replace the other, or cancel."
    if walk.one_officer_questions.open().exists():
        return "She has been asked, and has not answered yet."
    return "" if bookings else "Nobody is on this walk any more."


@transaction.atomic
def answer_about_one(booking: Booking, *, question: uuid.UUID, will_do: bool, told: Officer | None = None) -> None:
    """She says yes or no. When everybody has said yes the walk is settled, and she gets her card again.

    `told` is the inspector to whom she said it on the phone.
    """
    walk = _hold_walk_of(booking)
    women = lock_bookings_of(walk)
    require(told is None or can_confirm_by_phone(told, booking))
    asked = next((row for row in walk.one_officer_questions.open().filter(pk=question, booking=booking)), None)
    if asked is None or booking not in women or not _is_to_come(walk):
        raise MoveNotAllowed(ENDED)
    asked.answer, asked.answered_at = OfferAnswer.YES if will_do else OfferAnswer.NO, timezone.now()
    asked.save(update_fields=["answer", "answered_at"])
    if not will_do:  # then nobody else need answer
        walk.one_officer_questions.all().take_back()
    note = "She said it on the phone." if told else ""
    kind = EventKind.ONE_WILL_DO if will_do else EventKind.ONE_WILL_NOT_DO
    event = record(kind, booking=booking, by=told, note=note)
    walk.revision += 1
    is_settled = will_do and not walk.one_officer_questions.open().exists()
    if is_settled:
        walk.one_officer_at = event.at
    walk.save(update_fields=["revision", "one_officer_at"])
    record(kind, walk=walk, by=told)
    emails.team_one_officer_answered(walk, event, is_settled=is_settled)
    if is_settled:
        reissue_card(walk, by=None, also=[_("One officer walks with you, as you agreed.")])


def _is_to_come(walk: Walk) -> bool:
    return walk.status == WalkStatus.SCHEDULED and timezone.now() < walk.start_at


def _hold_walk_of(booking: Booking) -> Walk:
    """Hold her officers, then her walk."""
    walk = Walk.objects.filter(bookings=booking).select_related("bcu").first()
    if walk is None:
        raise MoveNotAllowed(ENDED)
    lock_officers(walk.live_officers())
    lock_walk(walk)
    return walk
