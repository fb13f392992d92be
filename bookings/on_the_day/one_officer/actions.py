"""Ask each requester on a walk whether one officer is enough, when an officer cannot come and is not replaced."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.decisions.spoken_with import BY_PHONE, SpokenWith, check_spoken_with
from bookings.events import record
from bookings.locks import check_version, lock_scheduled_bookings
from bookings.models.bookings import Booking
from bookings.models.one_officer import OneOfficerQuestion
from bookings.notices.card_updates import issue_new_walk_card
from bookings.on_the_day.one_officer import emails
from bookings.permissions import can_confirm_by_phone
from bookings.statuses import EventKind, Need, OfferAnswer
from boroughs.models.officers import Officer
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes
from walks.locks import lock_walk_with_officers
from walks.models.walks import Walk
from walks.permissions import can_change_walk
from walks.statuses import WalkStatus

ENDED = gettext_lazy("You’ve already answered this question, or it has closed. See the latest news below.")


@transaction.atomic
def ask_about_one_officer(walk: Walk, *, by: Officer, version: int) -> None:
    """Ask every requester on this walk. The walk counts as short of officers until all of them have agreed."""
    lock_walk_with_officers(walk)
    bookings = lock_scheduled_bookings(walk)
    require(can_change_walk(by, walk))
    check_version(walk, version=version)
    if reason := reason_not_to_ask_about_one_officer(walk, bookings):
        raise ActionError(reason)
    (officer,) = walk.live_officers()
    save_changes(walk, version=walk.version + 1)
    record(EventKind.ONE_OFFICER_ASKED, walk=walk, by=by)
    for booking in bookings:
        OneOfficerQuestion.objects.create(booking=booking, walk=walk, by=by)
        booking.walk = walk
        event = record(EventKind.ONE_OFFICER_ASKED, booking=booking, by=by)
        emails.send_booking_one_officer_question(booking, event, officer=officer)


def reason_not_to_ask_about_one_officer(walk: Walk, bookings: list[Booking]) -> str:
    """Return why we cannot ask about one officer, or "" if we can."""
    if not _is_upcoming(walk):
        return "This walk has already started, or it’s been cancelled."
    if not walk.is_short or len(walk.live_officers()) != 1:
        return (
            "You can only ask this when the walk is down to one officer and needs more. "
            "Assign another officer, or cancel the walk."
        )
    if any(Need.TWO_OFFICERS in booking.contact.needs for booking in bookings):
        return (
            "A requester on this walk always needs two officers, so you can’t ask about one. "
            "Assign another officer, or cancel the walk."
        )
    if walk.one_officer_questions.open().exists():
        return "You’ve already asked. We’re waiting for an answer."
    return "" if bookings else "This walk has no bookings any more."


@dataclass(frozen=True, kw_only=True)
class OneOfficerAnswer:
    """A requester's answer to a one-officer question."""

    question: uuid.UUID
    will_do: bool


@transaction.atomic
def answer_one_officer_question(
    booking: Booking,
    answer: OneOfficerAnswer,
    *,
    recorded_by: Officer | None = None,
    spoken: SpokenWith = BY_PHONE,
) -> None:
    """Record the requester's answer. When every requester has agreed, send them the walk card again.

    `recorded_by` is the inspector who heard the answer, and `spoken` how. Raise ActionError unless she opened the
    number that she says she rang.
    """
    will_do = answer.will_do
    walk = _lock_walk_with_officers(booking)
    bookings = lock_scheduled_bookings(walk)
    require(recorded_by is None or can_confirm_by_phone(recorded_by, booking))
    question = walk.one_officer_questions.open().filter(pk=answer.question, booking=booking).first()
    if question is None or booking not in bookings or not _is_upcoming(walk):
        raise TransitionNotAllowed(ENDED)
    if recorded_by is not None:
        check_spoken_with(booking, spoken, by=recorded_by)
    save_changes(question, answer=OfferAnswer.YES if will_do else OfferAnswer.NO, answered_at=timezone.now())
    if not will_do:  # one refusal is enough, so nobody else needs to answer
        walk.one_officer_questions.all().withdraw_open()
    kind = EventKind.ONE_OFFICER_ACCEPTED if will_do else EventKind.ONE_OFFICER_REFUSED
    method, note = (spoken.method, spoken.note) if recorded_by is not None else ("", "")
    event = record(kind, booking=booking, by=recorded_by, code=method, note=note)
    is_settled = will_do and not walk.one_officer_questions.open().exists()
    agreed_at = event.at if is_settled else walk.one_officer_agreed_at
    save_changes(walk, version=walk.version + 1, one_officer_agreed_at=agreed_at)
    record(kind, walk=walk, by=recorded_by)
    emails.send_team_one_officer_answered(walk, event, is_settled=is_settled)
    if is_settled:
        issue_new_walk_card(walk, by=None, other_changes=[_("One officer walks with you, as you agreed.")])


def _is_upcoming(walk: Walk) -> bool:
    return walk.status == WalkStatus.SCHEDULED and timezone.now() < walk.start_at


def _lock_walk_with_officers(booking: Booking) -> Walk:
    """Lock the walk's officers, then the walk."""
    walk = Walk.objects.filter(bookings=booking).select_related("bcu").first()
    if walk is None:
        raise TransitionNotAllowed(ENDED)
    lock_walk_with_officers(walk)
    return walk
