"""How long we keep what partners answered: their words as long as concerns’, the rest as long as all history."""

import datetime

import pytest
from django.utils import timezone

from bookings.retention.jobs import delete_old_history
from feedback.models.improvements import ImprovementEvent
from feedback.models.referrals import ReferralAnswer, ReferralAnswerWords
from feedback.referrals.jobs import delete_old_words
from feedback.statuses import AnsweredBy, PartnerAnswer, State
from tests.support.history_limit import history_limit
from walkandtalk.lib import london

pytestmark = pytest.mark.django_db


def answer_at(referral, at):
    said = {"answer": PartnerAnswer.CANNOT, "answered_by": AnsweredBy.LINK, "words": "Ms Brown rings us weekly."}
    return ReferralAnswer.objects.record(referral=referral, at=at, **said)


def test_partners_words_go_after_three_years_and_no_sooner(referral):
    now = timezone.now()
    limit = london.years_before(now, 3)
    old, newer = (answer_at(referral, limit + datetime.timedelta(days=days)) for days in (0, 1))

    delete_old_words(now)

    rows = ReferralAnswer.objects.in_bulk()
    assert (rows[old.pk].words, rows[newer.pk].words) == ("", "Ms Brown rings us weekly.")
    assert rows[old.pk].answer == PartnerAnswer.CANNOT


def test_history_of_improvements_and_answers_goes_after_six_years_and_no_sooner(referral, improvement):
    last_day, day_after = history_limit(), history_limit() + datetime.timedelta(microseconds=1)
    for at in (last_day, day_after):
        answer_at(referral, at)
        ImprovementEvent.objects.record(improvement, to_state=State.RESOLVED, at=at, to_requesters="It was mended.")

    delete_old_history(timezone.now())

    assert [answer.at for answer in ReferralAnswer.objects.all()] == [day_after]
    assert [words.answer.at for words in ReferralAnswerWords.objects.all()] == [day_after]
    assert [event.at for event in ImprovementEvent.objects.filter(to_state=State.RESOLVED)] == [day_after]
