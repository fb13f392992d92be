"""What came of a concern: we tell her, ask her later whether it is better, and she answers."""

import datetime
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from bookings.locks import lock_booking
from bookings.models.bookings import Booking
from boroughs.models.officers import Officer
from feedback import emails
from feedback.locks import lock_all_who_read, lock_concerns
from feedback.models.concerns import Concern
from feedback.models.events import BetterQuestion, ConcernEvent
from feedback.permissions import can_answer, can_refer, can_tell_us
from feedback.statuses import FIXED, Better, Partner, State
from feedback.transitions import move_concern
from walkandtalk.lib import london
from walkandtalk.lib.errors import MoveNotAllowed, require

NOT_BETTER = "She says that it is not better."


@transaction.atomic
def answer_concern(
    concern: Concern,
    *,
    by: Officer,
    to: State,
    words: str,
    chapter: int,
    done_date: datetime.date | None = None,
    review_date: datetime.date | None = None,
) -> None:
    """What was done, when, or what happens next. She reads it. `chapter` is how much of it was read."""
    _hold_as_read(concern, chapter)
    require(can_answer(by, concern))
    if to == State.NOT_OURS and not concern.is_acknowledged:
        raise MoveNotAllowed("Nobody has said yet that it is theirs. Enter their reference first.")
    concern.review_date = review_date or concern.review_date
    move_concern(concern, to, by=by, to_her=words, done_date=done_date)


@transaction.atomic
def refer_concern(
    concern: Concern,
    *,
    by: Officer,
    partner: Partner,
    outside_reference: str,
    words: str,
    chapter: int,
    review_date: datetime.date,
) -> None:
    """It is with whoever can mend it, and we ask them again by that day. Their reference shows that they have it."""
    _hold_as_read(concern, chapter)
    require(can_refer(by, concern))
    concern.referred_to, concern.outside_reference = partner, outside_reference
    concern.review_date = review_date
    move_concern(concern, State.REFERRED, by=by, to_her=words)


def _hold_as_read(concern: Concern, chapter: int) -> None:
    """All whom the answer reaches. `chapter` grows with each that is joined, so none is missed."""
    lock_all_who_read(concern)
    if concern.corrections.count() + concern.events.count() != chapter:
        was = concern.get_state_display().lower()
        raise MoveNotAllowed(f"Something new was said since you opened this, and it is now “{was}”. Read it first.")


@transaction.atomic
def ask_whether_better(booking: Booking, *, now: datetime.datetime) -> None:
    """One message about all that was done for her so long ago, once."""
    lock_booking(booking)
    if booking.forgotten_at is not None or not emails.may_be_written_to(booking):
        return
    done = ConcernEvent.objects.to_ask_about(now).filter(concern__report__booking=booking).select_related("concern")
    questions = [BetterQuestion(event=event, asked_at=now) for event in done]
    if questions:
        BetterQuestion.objects.bulk_create(questions)
        emails.is_it_better(booking, questions, now=now)


@transaction.atomic
def answer_whether_better(booking: Booking, answers: Mapping[uuid.UUID, Better]) -> None:
    """What she says. With a no it is opened again, and somebody has to look at it today."""
    lock_booking(booking)
    require(can_tell_us(booking))
    not_better = {}
    for question in BetterQuestion.objects.open_to(booking).filter(pk__in=answers):
        question.answer, question.answered_at = answers[question.pk], timezone.now()
        question.save(update_fields=["answer", "answered_at"])
        if question.answer == Better.NO:
            concern = question.event.concern.dealt_with_as
            not_better[concern.pk] = concern
    _open_again(*not_better.values())


def _open_again(*concerns: Concern) -> None:
    """By her own word, so there is nothing to tell her. One that others were joined with may be open again already."""
    lock_concerns(*concerns)
    for concern in concerns:
        if concern.state in FIXED:
            concern.review_date = london.today()
            move_concern(concern, State.ACCEPTED, internal=NOT_BETTER, tells_her=False)
