"""Actions that answer a concern, and ask the requester weeks later whether it is better."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bookings.locks import PageOutOfDate
from boroughs.models.officers import Officer
from feedback import emails
from feedback.improvements.actions import Answer
from feedback.improvements.transitions import reopen
from feedback.locks import lock_booking_of, lock_concern, lock_concerns, lock_improvement_row, lock_joined_concerns
from feedback.models.concerns import Concern
from feedback.models.contacts import ReportContact
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.permissions import can_answer
from feedback.recipients import ContactRecipient, Recipient
from feedback.statuses import RESOLVED_STATES, FollowUpAnswer, State
from feedback.transitions import transition_concern
from walkandtalk.lib import london
from walkandtalk.lib.errors import require
from walkandtalk.lib.rows import save_changes

NOT_BETTER_NOTE = "She says that it is not better."


@dataclass(frozen=True, kw_only=True)
class AnswerNow:
    """Whether something that was done has helped, and how safe she feels there now, from 1 to 5."""

    is_better: FollowUpAnswer
    feeling: int | None = None


@transaction.atomic
def answer_concern(concern: Concern, answer: Answer, *, by: Officer, version: int) -> None:
    """Tell the requester what was done or what happens next.

    `version` is the number of events and corrections that the inspector has read. A concern that is part of an
    improvement is answered with it.
    """
    lock_booking_of(concern)
    lock_concern(concern)
    if concern.version != version:
        was = concern.get_state_display().lower()
        message = f"Something new was said since you opened this, and it is now “{was}”. Read it first."
        raise PageOutOfDate(message, version=concern.version)
    require(can_answer(by, concern))
    changes = {"review_date": answer.review_date or concern.review_date}
    transition_concern(
        concern, answer.to, by=by, to_requester=answer.words, done_date=answer.done_date, changes=changes
    )


@transaction.atomic
def send_follow_up_questions(recipient: Recipient, *, now: datetime.datetime) -> None:
    """Send one message about everything done for her that is due for a follow-up question."""
    recipient.lock()
    if recipient.hears_news and (questions := _ask(recipient, now)):
        emails.follow_up_question(recipient, questions, now=now)


@transaction.atomic
def show_follow_up_questions(contact: ReportContact, *, now: datetime.datetime) -> None:
    """Ask on her page alone, because she reads our answers there: she wants no email, or hasn't said it was her."""
    recipient = ContactRecipient(contact)
    recipient.lock()
    if contact.erased_at is None:
        _ask(recipient, now)


def _ask(recipient: Recipient, now: datetime.datetime) -> list[FollowUpQuestion]:
    done = ConcernEvent.objects.due_for_follow_up(now).filter(concern__report__in=recipient.reports)
    questions = [FollowUpQuestion(event=event, asked_at=now) for event in done.select_related("concern")]
    return FollowUpQuestion.objects.bulk_create(questions)


@transaction.atomic
def record_follow_up_answers(recipient: Recipient, answers: Mapping[uuid.UUID, AnswerNow]) -> None:
    """Record her answers. "No" reopens the concern, for review today."""
    recipient.lock()
    require(recipient.may_answer)
    not_better = {}
    for question in FollowUpQuestion.objects.unanswered_about(recipient.reports).filter(pk__in=answers):
        now = answers[question.pk]
        save_changes(question, answer=now.is_better, feeling=now.feeling, answered_at=timezone.now())
        if question.answer == FollowUpAnswer.NO:
            not_better[question.event.concern_id] = question.event.concern
    _reopen(*not_better.values())


def _reopen(*concerns: Concern) -> None:
    """Reopen what was done, without a message to the requester, who asked for it.

    An improvement is opened for everyone whom it was for. It may be open already. The bookings of the others are not
    locked, because nobody is written to.
    """
    today = london.today()
    improvements = {concern.improvement for concern in concerns if concern.improvement is not None}
    for improvement in sorted(improvements, key=lambda each: each.pk):
        lock_improvement_row(improvement)
        if improvement.state in RESOLVED_STATES:
            joined = lock_joined_concerns(improvement)
            reopen(improvement, joined, review_date=today, because=NOT_BETTER_NOTE)
    alone = [concern for concern in concerns if concern.improvement is None]
    lock_concerns(*alone)
    for concern in alone:
        if concern.state in RESOLVED_STATES:
            changes = {"review_date": today}
            transition_concern(
                concern, State.ACCEPTED, internal=NOT_BETTER_NOTE, notify_requester=False, changes=changes
            )
