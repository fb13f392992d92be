"""What came of a concern: we tell her, ask her later whether it is better, and she answers."""

import datetime
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from bookings.actions.moves import lock_booking, require
from bookings.models import Booking
from boroughs.models import Officer
from feedback import emails
from feedback.actions.moves import MoveNotAllowed, lock_concern, lock_her, move_concern
from feedback.models import BetterQuestion, Concern, ConcernEvent
from feedback.permissions import can_answer, can_tell_us
from feedback.statuses import Better, State
from walkandtalk.lib import london


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
    lock_her(concern)
    lock_concern(concern)
    if concern.corrections.count() + concern.events.count() != chapter:
        was = concern.get_state_display().lower()
        raise MoveNotAllowed(f"Something new was said since you opened this, and it is now “{was}”. Read it first.")
    require(can_answer(by, concern))
    concern.review_date = review_date or concern.review_date
    move_concern(concern, to, by=by, to_her=words, done_date=done_date)


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
    for question in BetterQuestion.objects.open_to(booking).filter(pk__in=answers):
        question.answer, question.answered_at = answers[question.pk], timezone.now()
        question.save(update_fields=["answer", "answered_at"])
        if question.answer == Better.NO:
            _open_again(question.event.concern)


def _open_again(concern: Concern) -> None:
    """By her own word, so there is nothing to tell her."""
    lock_concern(concern)
    concern.review_date = london.today()
    move_concern(concern, State.ACCEPTED, internal="She says that it is not better.", tells_her=False)
