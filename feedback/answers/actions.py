"""Actions that answer a concern, refer it, and ask the requester weeks later whether it is better."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bookings.locks import PageOutOfDate
from boroughs.models.officers import Officer
from feedback import emails
from feedback.locks import lock_concerns, lock_with_merged_concerns
from feedback.models.concerns import Concern
from feedback.models.contacts import ReportContact
from feedback.models.events import ConcernEvent, FollowUpQuestion
from feedback.permissions import can_answer, can_refer
from feedback.recipients import ContactRecipient, Recipient
from feedback.statuses import RESOLVED_STATES, FollowUpAnswer, PartnerAgency, State
from feedback.transitions import transition_concern
from walkandtalk.lib import london
from walkandtalk.lib.errors import TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes

NOT_BETTER_NOTE = "She says that it is not better."


@dataclass(frozen=True, kw_only=True)
class ConcernAnswer:
    """The new state of a concern, and our words to the requester."""

    to: State
    words: str
    done_date: datetime.date | None = None
    review_date: datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class Referral:
    """The partner agency, its reference, our words to the requester, and the day on which we ask the agency again."""

    partner: PartnerAgency
    external_reference: str
    words: str
    review_date: datetime.date


@dataclass(frozen=True, kw_only=True)
class AnswerNow:
    """Whether something that was done has helped, and how safe she feels there now, from 1 to 5."""

    is_better: FollowUpAnswer
    feeling: int | None = None


@transaction.atomic
def answer_concern(concern: Concern, answer: ConcernAnswer, *, by: Officer, version: int) -> None:
    """Tell the requester what was done or what happens next.

    `version` is the number of events and corrections that the inspector has read.
    """
    _lock_and_check_version(concern, version)
    require(can_answer(by, concern))
    if answer.to == State.NOT_OURS and not concern.is_acknowledged:
        raise TransitionNotAllowed("Nobody has said yet that it is theirs. Enter their reference first.")
    changes = {"review_date": answer.review_date or concern.review_date}
    transition_concern(
        concern, answer.to, by=by, to_requester=answer.words, done_date=answer.done_date, changes=changes
    )


@transaction.atomic
def refer_concern(concern: Concern, referral: Referral, *, by: Officer, version: int) -> None:
    """Refer a concern to a partner agency that can fix it. The agency's reference shows that it has the concern."""
    _lock_and_check_version(concern, version)
    require(can_refer(by, concern))
    changes = {
        "referred_to": referral.partner,
        "external_reference": referral.external_reference,
        "review_date": referral.review_date,
    }
    transition_concern(concern, State.REFERRED, by=by, to_requester=referral.words, changes=changes)


def _lock_and_check_version(concern: Concern, version: int) -> None:
    """Lock the concern and those merged into it. Each merge raises the version, so no requester is missed."""
    lock_with_merged_concerns(concern)
    if concern.version != version:
        was = concern.get_state_display().lower()
        message = f"Something new was said since you opened this, and it is now “{was}”. Read it first."
        raise PageOutOfDate(message, version=concern.version)


@transaction.atomic
def send_follow_up_questions(recipient: Recipient, *, now: datetime.datetime) -> None:
    """Send one message about everything done for her that is due for a follow-up question."""
    recipient.lock()
    if recipient.can_be_emailed and (questions := _ask(recipient, now)):
        emails.follow_up_question(recipient, questions, now=now)


@transaction.atomic
def show_follow_up_questions(contact: ReportContact, *, now: datetime.datetime) -> None:
    """Ask on her page alone, because she reads our answers there and wants no email."""
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
            concern = question.event.concern.primary_concern
            not_better[concern.pk] = concern
    _reopen(*not_better.values())


def _reopen(*concerns: Concern) -> None:
    """Reopen resolved concerns without a message to the requester, who asked for it.

    A concern with others merged into it may be open already.
    """
    lock_concerns(*concerns)
    for concern in concerns:
        if concern.state in RESOLVED_STATES:
            today = {"review_date": london.today()}
            transition_concern(concern, State.ACCEPTED, internal=NOT_BETTER_NOTE, notify_requester=False, changes=today)
