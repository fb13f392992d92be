"""Actions on referrals: ask a partner for an improvement, save what it answers, and ask it again."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.limits import RateLimit
from accounts.models import RateCount
from boroughs.models.officers import Officer
from feedback.improvements.actions import lock_and_check_version
from feedback.improvements.ending import end_referrals
from feedback.improvements.transitions import record_note, transition_improvement
from feedback.locks import lock_improvement_row
from feedback.models.improvements import Improvement
from feedback.models.referrals import ASKING_KINDS, SILENCE, Referral, ReferralAnswer, ReferralLink
from feedback.permissions import can_change_improvement, can_refer
from feedback.referrals import emails
from feedback.statuses import AnsweredBy, PartnerAnswer, State
from outbox.actions import mark_resolved
from outbox.models import Message
from partners.actions import PlaceReport, mark_news_handled, queue_open311_request
from partners.models.open311 import Open311Request
from partners.models.partners import Partner
from partners.statuses import REMOTE_CLOSED, REMOTE_OPEN, RequestStatus
from walkandtalk.lib import london
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed, require
from walkandtalk.lib.rows import save_changes

ANSWERED_ALREADY = "Someone has answered since you opened this page. Read below what was said."
CLOSED = "This request is closed."
TOO_MANY = "We’ve had many answers today. Try again tomorrow, or ring the number in our email."
ANSWERS_A_DAY = 10
"""Of one referral by its link. Each is a message to two inboxes, and whoever has the link can send one."""


@dataclass(frozen=True, kw_only=True)
class ReferralDetails:
    """Our words to a partner, and what the women hear of it.

    `is_told` says that an inspector has told a partner that we can't write to.
    """

    partner: Partner
    words: str
    to_requesters: str
    is_told: bool = False


@dataclass(frozen=True, kw_only=True)
class AnswerDetails:
    """An answer of a partner. `date` is when it was or will be done."""

    answer: PartnerAnswer
    date: datetime.date | None = None
    whose: str = ""
    their_reference: str = ""
    words: str = ""


@transaction.atomic
def refer_improvement(improvement: Improvement, details: ReferralDetails, *, by: Officer, version: int) -> Referral:
    """Ask a partner for the improvement, and tell each woman once. A referral that is still open ends.

    `version` is the number of the improvement's events that the inspector has read. The partner reads the place, the
    kind, the light and our words, and nothing of anyone.
    """
    concerns = lock_and_check_version(improvement, version=version, by=by)
    require(can_refer(by, improvement))
    partner = details.partner
    if not Partner.objects.for_place(improvement.borough, improvement.kind).contains(partner):
        raise ActionError("Choose a partner that looks after this borough.")
    if is_told_by_us(partner, improvement) and not details.is_told:
        raise ActionError(f"We can’t write to {partner.name}. Tell it first, because the women hear that it knows.")
    end_referrals(improvement)
    due_on = _silent_on(None)
    referral = Referral(
        improvement=improvement,
        number=improvement.referrals.count() + 1,
        partner=partner,
        words=details.words,
        sent_by=by,
        answer_due_on=due_on,
    )
    referral.open311 = _open311_request(referral)
    referral.save(force_insert=True)
    if referral.open311 is None and partner.inbox:
        emails.ask_partner(referral)
    transition_improvement(
        improvement,
        State.REFERRED,
        concerns=concerns,
        by=by,
        to_requesters=details.to_requesters,
        internal=f"Passed to {partner.name}.",
        changes={"partner": partner, "review_date": due_on},
    )
    return referral


def is_sent_to_its_system(partner: Partner, improvement: Improvement) -> bool:
    return improvement.place is not None and partner.can_take(improvement.kind)


def is_told_by_us(partner: Partner, improvement: Improvement) -> bool:
    """Return whether this partner hears of the improvement only if one of us tells it."""
    return not partner.inbox and not is_sent_to_its_system(partner, improvement)


@transaction.atomic
def ask_again(referral: Referral, *, by: Officer) -> None:
    """Send the partner another message with a new link, because it has been silent or the first did not arrive."""
    lock_improvement_row(referral.improvement)
    require(can_change_improvement(by, referral.improvement))
    referral = Referral.objects.select_related("partner").get(pk=referral.pk)
    if not referral.can_be_asked:
        raise ActionError("There’s nothing to ask this partner by email now.")
    save_changes(referral, undelivered_at=None, answer_due_on=_silent_on(None))
    emails.ask_partner(referral)
    record_note(referral.improvement, f"Asked {referral.partner.name} again.", by=by)


@transaction.atomic
def send_new_link(referral: Referral) -> None:
    """Send the partner's inbox another link, because the one that was opened has expired. Nowhere else."""
    lock_improvement_row(referral.improvement)
    referral = Referral.objects.select_related("partner").get(pk=referral.pk)
    latest = ReferralLink.objects.filter(referral=referral).first()
    if referral.can_be_asked and latest is not None and latest.has_expired:
        emails.ask_partner(referral)


@transaction.atomic
def save_answer(
    referral: Referral,
    answer: AnswerDetails,
    *,
    version: int,
    answered_by: AnsweredBy,
    noted_by: Officer | None = None,
) -> None:
    """Save what a partner says, and tell the owner. No woman hears it before an inspector has read it.

    `version` is the number of answers that the page showed, so the same page sent twice is one answer. An answer that
    says nothing new is not saved. The partner's inbox is told too, in case someone else answered with its link.
    """
    lock_improvement_row(referral.improvement)
    referral = Referral.objects.prefetch_related("answers").get(pk=referral.pk)
    if noted_by is not None:
        require(can_change_improvement(noted_by, referral.improvement))
    if referral.is_closed:
        raise TransitionNotAllowed(CLOSED)
    if referral.version != version:
        raise TransitionNotAllowed(ANSWERED_ALREADY)
    if noted_by is None and _says_nothing_new(referral, answer):
        return
    if answered_by == AnsweredBy.LINK:
        _stay_within_limit(referral)
    said = ReferralAnswer.objects.record(referral=referral, answered_by=answered_by, noted_by=noted_by, **vars(answer))
    save_changes(
        referral,
        answer=answer.answer,
        has_news=referral.has_news or said.says_more,
        answer_due_on=_due_after(referral, said),
        undelivered_at=None,
    )
    record_note(referral.improvement, f"{referral.partner.name}: {said.get_answer_display()}.", by=noted_by)
    if noted_by is None:
        emails.partner_answered(referral, said)
    if answered_by == AnsweredBy.LINK:
        emails.confirm_answer(referral, said)


def _says_nothing_new(referral: Referral, answer: AnswerDetails) -> bool:
    """Return whether the partner has just said the same. After a long silence it's news that it still says so."""
    earlier = list(referral.answers.all())
    if not earlier or referral.is_silent:
        return False
    latest = earlier[-1]
    return answer.answer == latest.answer and all(
        not value or value == getattr(latest, name) for name, value in vars(answer).items()
    )


def _stay_within_limit(referral: Referral) -> None:
    limit = RateLimit(f"answers to referral {referral.pk}", datetime.timedelta(days=1), ANSWERS_A_DAY, is_shared=True)
    if RateCount.objects.increment_all(answers=limit):
        raise ActionError(TOO_MANY)


@transaction.atomic
def record_undelivered(message: Message) -> None:
    """Put the referral of a message that did not arrive on the inspector's list, unless it was asked again since."""
    if not mark_resolved(message):
        return
    referral = Referral.objects.select_related("improvement", "partner").get(pk=message.dedupe_key.split(":")[1])
    lock_improvement_row(referral.improvement)
    newer = Message.objects.filter(thread=message.thread, number__gt=message.number, kind__in=ASKING_KINDS)
    if not newer.exists():
        _not_arrived(referral)


@transaction.atomic
def take_open311_news(news: Open311Request) -> None:
    """Save what the partner's own system says: it has the referral, it has closed it, or it refused it."""
    referral = Referral.objects.select_related("improvement", "partner").get(open311=news)
    lock_improvement_row(referral.improvement)
    if not Open311Request.objects.with_news().filter(pk=news.pk).exists():
        return  # another run of the job has taken it
    news.refresh_from_db()
    mark_news_handled(news, news_at=news.news_at or timezone.now())
    referral.refresh_from_db()
    if referral.is_closed:
        return
    if news.status == RequestStatus.FAILED:
        _not_arrived(referral)
        return
    is_closed = news.remote_status == REMOTE_CLOSED
    status = "" if news.remote_status in ("", REMOTE_OPEN, REMOTE_CLOSED) else f"Its status is “{news.remote_status}”."
    answer = AnswerDetails(
        answer=PartnerAnswer.CLOSED if is_closed else PartnerAnswer.RECEIVED,
        their_reference=news.service_request_id[:60],
        words=" ".join(words for words in (status, news.remote_notes) if words),
    )
    save_answer(referral, answer, version=referral.answers.count(), answered_by=AnsweredBy.OPEN311)


def _not_arrived(referral: Referral) -> None:
    save_changes(referral, undelivered_at=timezone.now())
    record_note(referral.improvement, f"Our message to {referral.partner.name} did not arrive.", by=None)


def _due_after(referral: Referral, said: ReferralAnswer) -> datetime.date:
    """Return when it is silent too long after this answer. A mere receipt takes back no day that it named."""
    due_on = _silent_on(said.date)
    return due_on if said.says_more else max(due_on, referral.answer_due_on)


def _silent_on(date: datetime.date | None) -> datetime.date:
    """Return the day from which a partner is silent too long: 28 days after its word, or after the day it named."""
    today = london.today()
    return max(date or today, today) + SILENCE


def _open311_request(referral: Referral) -> Open311Request | None:
    improvement, partner = referral.improvement, referral.partner
    if improvement.place is None or not is_sent_to_its_system(partner, improvement):
        return None
    report = PlaceReport(
        kind=improvement.kind,
        lat=improvement.place.lat,
        lon=improvement.place.lon,
        description=emails.plain_summary(referral),
        lamp_number=improvement.lamp_number,
    )
    return queue_open311_request(partner, report, reference=referral.reference)
